package dev.attune.optim;

import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import java.util.List;

/**
 * The factor on the base learning rate for each optimizer step, counted from 0: the first step uses factor(0), which is 0
 * with warmup; the last of N steps uses factor(N-1). Formulas and names of Hugging Face.
 */
@FunctionalInterface
public interface Schedule {
    double factor(int step);

    /** Names of the schedules there are. */
    List<String> NAMES = List.of("linear", "constant", "constant_with_warmup", "cosine");

    /**
     * @param name as in {@code lr_scheduler_type}
     * @param warmup steps of linear warmup from 0
     * @param total optimizer steps of the run
     */
    static Schedule named(String name, int warmup, int total) {
        return switch (name) {
            case "linear" -> withWarmup(warmup, s -> Math.max(0, (double) (total - s) / Math.max(1, total - warmup)));
            case "cosine" ->
                withWarmup(warmup, s -> {
                    double progress = (double) (s - warmup) / Math.max(1, total - warmup);
                    return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
                });
            case "constant_with_warmup" -> withWarmup(warmup, s -> 1);
            case "constant" -> s -> 1; // ignores warmup, as the reference does
            default ->
                throw new ConfigException("There is no lr_scheduler_type \"" + name + "\"."
                        + Suggestion.didYouMean(name, NAMES) + " There are " + String.join(", ", NAMES) + ".");
        };
    }

    /** {@code warmup_steps} of Hugging Face: from 1 on a number of steps, below 1 a share of all steps, rounded up. */
    static int warmupSteps(double warmup, int total) {
        return warmup >= 1 ? (int) warmup : (int) Math.ceil(total * warmup);
    }

    private static Schedule withWarmup(int warmup, Schedule then) {
        return step -> step < warmup ? (double) step / Math.max(1, warmup) : then.factor(step);
    }
}
