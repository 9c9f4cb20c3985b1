package dev.attune.optim;

import static java.util.Objects.requireNonNullElse;

import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import dev.attune.optim.ScheduleArguments.DecayShape;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The factor on the base learning rate for each optimizer step, counted from 0: the first step uses factor(0), which is 0
 * with warmup; the last of N steps uses factor(N-1). Formulas and names of Hugging Face. Those that go by evaluations are a {@link
 * MetricRate}.
 */
@FunctionalInterface
public interface Schedule {
    double factor(int step);

    /** Names of the schedules there are. */
    List<String> NAMES = List.of(
            "linear",
            "cosine",
            "cosine_with_restarts",
            "polynomial",
            "constant",
            "constant_with_warmup",
            "inverse_sqrt",
            "cosine_with_min_lr",
            "cosine_warmup_with_min_lr",
            "warmup_stable_decay");

    /** As {@link #named(String, ScheduleArguments, double, int, int)} with the defaults of the schedule. */
    static Schedule named(String name, int warmup, int total) {
        return named(name, ScheduleArguments.NONE, 1, warmup, total);
    }

    /**
     * @param name as in {@code lr_scheduler_type}
     * @param arguments those of the schedule; others are not looked at
     * @param rate {@code learning_rate}, of which some arguments are a share
     * @param warmup steps of linear warmup from 0
     * @param total optimizer steps of the run
     * @throws ConfigException if there is no such schedule, or an argument is missing that it needs
     */
    static Schedule named(String name, ScheduleArguments arguments, double rate, int warmup, int total) {
        int after = Math.max(1, total - warmup);
        return switch (name) {
            case "linear" -> withWarmup(warmup, s -> Math.max(0, (double) (total - s) / after));
            case "cosine" -> {
                double cycles = requireNonNullElse(arguments.numCycles(), 0.5);
                yield withWarmup(warmup, s -> Math.max(0, cosine(cycles, (double) (s - warmup) / after)));
            }
            case "cosine_with_restarts" -> {
                double cycles = requireNonNullElse(arguments.numCycles(), 1.0);
                yield withWarmup(warmup, s -> restarts(cycles, (double) (s - warmup) / after));
            }
            case "polynomial" -> polynomial(arguments, rate, warmup, total);
            case "constant_with_warmup" -> withWarmup(warmup, s -> 1);
            case "constant" -> s -> 1; // ignores warmup, as the reference does
            case "inverse_sqrt" -> {
                int timescale = arguments.timescale() != null ? arguments.timescale() : warmup > 0 ? warmup : 10_000;
                yield withWarmup(warmup, s -> 1 / Math.sqrt((double) (s + timescale - warmup) / timescale));
            }
            case "cosine_with_min_lr" -> {
                double cycles = requireNonNullElse(arguments.numCycles(), 0.5);
                double lowest = lowest(name, arguments, rate);
                yield withWarmup(warmup, s -> above(lowest, cosine(cycles, (double) (s - warmup) / after)));
            }
            case "cosine_warmup_with_min_lr" -> {
                double cycles = requireNonNullElse(arguments.numCycles(), 0.5);
                double lowest = lowest(name, arguments, rate);
                // One step ahead of the other schedules, in the warmup and after it.
                yield s -> s < warmup
                        ? early(arguments.warmupLrRate(), s, warmup)
                        : above(lowest, cosine(cycles, (s - warmup + 1.0) / after));
            }
            case "warmup_stable_decay" -> stable(arguments, warmup, total);
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

    /** From 1 to 0 in half a cycle. */
    private static double cosine(double cycles, double progress) {
        return 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * progress));
    }

    private static double restarts(double cycles, double progress) {
        return progress >= 1 ? 0 : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (cycles * progress % 1))));
    }

    private static double above(double lowest, double factor) {
        return Math.max(0, factor * (1 - lowest) + lowest);
    }

    private static double early(@Nullable Double first, int step, int warmup) {
        return first == null
                ? (step + 1.0) / Math.max(1, warmup)
                : first + (1 - first) * step / Math.max(1, warmup - 1);
    }

    private static double lowest(String name, ScheduleArguments arguments, double rate) {
        if (arguments.minLr() != null && arguments.minLrRate() != null) {
            throw new ConfigException(
                    name + " takes min_lr or min_lr_rate, but lr_scheduler_kwargs has both. Delete one of them.");
        }
        if (arguments.minLr() != null) return rate == 0 ? 0 : arguments.minLr() / rate;
        if (arguments.minLrRate() != null) return arguments.minLrRate();
        throw new ConfigException(
                name + " needs a lowest rate in lr_scheduler_kwargs: min_lr, or min_lr_rate as a share"
                        + " of learning_rate, for instance min_lr_rate: 0.1.");
    }

    private static Schedule polynomial(ScheduleArguments arguments, double rate, int warmup, int total) {
        double end = requireNonNullElse(arguments.lrEnd(), 1e-7);
        double power = requireNonNullElse(arguments.power(), 1.0);
        if (!(end < rate)) {
            throw new ConfigException("polynomial falls from learning_rate to lr_end, but they are " + rate + " and "
                    + end + ". Lower lr_end in lr_scheduler_kwargs.");
        }
        return withWarmup(warmup, s -> {
            if (s > total) return end / rate;
            double left = 1 - (double) (s - warmup) / Math.max(1, total - warmup);
            return ((rate - end) * Math.pow(left, power) + end) / rate;
        });
    }

    private static Schedule stable(ScheduleArguments arguments, int warmup, int total) {
        if (arguments.numDecaySteps() == null) {
            throw new ConfigException(
                    "warmup_stable_decay needs num_decay_steps in lr_scheduler_kwargs, the steps of its fall,"
                            + " for instance num_decay_steps: " + Math.max(1, total / 10) + ".");
        }
        int decay = arguments.numDecaySteps();
        int flat = arguments.numStableSteps() != null ? arguments.numStableSteps() : total - warmup - decay;
        double lowest = requireNonNullElse(arguments.minLrRatio(), 0.0);
        double cycles = requireNonNullElse(arguments.numCycles(), 0.5);
        DecayShape rise = Objects.requireNonNullElse(arguments.warmupType(), DecayShape.LINEAR);
        DecayShape fall = Objects.requireNonNullElse(arguments.decayType(), DecayShape.COSINE);
        return s -> {
            if (s < warmup) {
                double progress = (double) s / Math.max(1, warmup);
                return above(
                        lowest,
                        switch (rise) {
                            case LINEAR -> progress;
                            case COSINE -> 0.5 * (1 - Math.cos(Math.PI * progress));
                            case ONE_MINUS_SQRT -> 1 - Math.sqrt(1 - progress);
                        });
            }
            if (s < warmup + flat) return 1;
            if (s >= warmup + flat + decay) return lowest;
            double progress = (double) (s - warmup - flat) / Math.max(1, decay);
            return above(
                    lowest,
                    switch (fall) {
                        case LINEAR -> 1 - progress;
                        case COSINE -> cosine(cycles, progress);
                        case ONE_MINUS_SQRT -> 1 - Math.sqrt(progress);
                    });
        };
    }
}
