package dev.attune.optim;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.CompoundArguments;
import dev.attune.config.Contradictions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a learning-rate schedule takes besides warm-up and length: {@code lr_scheduler_kwargs}, with Hugging Face's names and
 * defaults. A schedule refuses what belongs to another one.
 *
 * <pre>{@code
 * ScheduleArguments.builder().numCycles(2.0).build()
 * }</pre>
 *
 * @param text the same in one line, {@code num_cycles=2} or JSON, as Hugging Face's command line takes it; null once it was read
 */
@RecordBuilder
public record ScheduleArguments(
        @Argument(group = GROUP, example = "num_cycles=2", doc = "Arguments of the schedule, in one line.") @Nullable
        String text,

        @Argument(
                group = GROUP,
                range = "(0, inf)",
                example = "2",
                doc = "Waves of the cosine. 0.5 falls once to 0; with restarts, how often it starts at the "
                        + "top. For cosine, cosine_with_restarts, cosine_with_min_lr, "
                        + "cosine_warmup_with_min_lr, warmup_stable_decay. Default: 0.5 (1 for "
                        + "cosine_with_restarts).")
        @Nullable
        Double numCycles,

        @Argument(
                group = GROUP,
                range = "(0, inf)",
                example = "2.0",
                doc = "Power of the polynomial; 1 is a straight line, 2 falls faster at first. For "
                        + "polynomial. Default: 1.")
        @Nullable
        Double power,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "1e-6",
                doc = "Learning rate at the end. Has to be below learning_rate. For polynomial. Default: " + "1e-7.")
        @Nullable
        Double lrEnd,

        @Argument(
                group = GROUP,
                range = "[1, inf)",
                example = "1000",
                doc = "Steps after which the rate has fallen by the square root of two, counted from the "
                        + "top. For inverse_sqrt. Default: the warm-up steps, 10000 without.")
        @Nullable
        Integer timescale,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "1e-6",
                doc = "Lowest learning rate. For cosine_with_min_lr, cosine_warmup_with_min_lr, "
                        + "reduce_lr_on_plateau, greedy. Default: none; 0 for reduce_lr_on_plateau, 0.001 for "
                        + "greedy.")
        @Nullable
        Double minLr,

        @Argument(
                group = GROUP,
                range = "[0, 1]",
                example = "0.1",
                doc = "Lowest learning rate as a share of learning_rate, in place of min_lr. For "
                        + "cosine_with_min_lr, cosine_warmup_with_min_lr. Default: none.")
        @Nullable
        Double minLrRate,

        @Argument(
                group = GROUP,
                range = "[0, 1]",
                example = "0.1",
                doc = "Share of learning_rate that the first step begins with. For "
                        + "cosine_warmup_with_min_lr. Default: none.")
        @Nullable
        Double warmupLrRate,

        @Argument(
                group = GROUP,
                range = "[1, inf)",
                example = "100",
                doc = "Steps of the fall at the end. For warmup_stable_decay. Default: none, the key is " + "required.")
        @Nullable
        Integer numDecaySteps,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "500",
                doc = "Steps between warm-up and fall. For warmup_stable_decay. Default: all that is left.")
        @Nullable
        Integer numStableSteps,

        @Argument(
                group = GROUP,
                aliases = "1-sqrt=one_minus_sqrt",
                example = "cosine",
                doc = "Shape of the warm-up. For warmup_stable_decay. Default: linear.")
        @Nullable
        DecayShape warmupType,

        @Argument(
                group = GROUP,
                aliases = "1-sqrt=one_minus_sqrt",
                example = "linear",
                doc = "Shape of the fall. For warmup_stable_decay. Default: cosine.")
        @Nullable
        DecayShape decayType,

        @Argument(
                group = GROUP,
                range = "[0, 1]",
                example = "0.1",
                doc = "Lowest learning rate as a share of learning_rate. For warmup_stable_decay. Default: " + "0.")
        @Nullable
        Double minLrRatio,

        @Argument(
                group = GROUP,
                example = "max",
                doc = "Whether less (min) or more (max) of metric_for_best_model is better. For "
                        + "reduce_lr_on_plateau, greedy. Default: min.")
        @Nullable
        MetricMode mode,

        @Argument(
                group = GROUP,
                range = "(0, 1)",
                example = "0.5",
                doc = "What the rate is multiplied by when nothing gets better. greedy divides by it when "
                        + "things do. For reduce_lr_on_plateau, greedy. Default: 0.1 (0.95 for greedy).")
        @Nullable
        Double factor,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "2",
                doc = "Evaluations in a row without improvement (greedy: or with) that change nothing yet. "
                        + "For reduce_lr_on_plateau, greedy. Default: 10.")
        @Nullable
        Integer patience,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "0.001",
                doc = "What an evaluation has to be better by. For reduce_lr_on_plateau, greedy. Default: "
                        + "1e-4 (1e-6 for greedy).")
        @Nullable
        Double threshold,

        @Argument(
                group = GROUP,
                example = "abs",
                doc = "Whether threshold is a share of the best value (rel) or a difference (abs). For "
                        + "reduce_lr_on_plateau, greedy. Default: rel (abs for greedy).")
        @Nullable
        ThresholdMode thresholdMode,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "1",
                doc = "Evaluations to wait after the rate was lowered. For reduce_lr_on_plateau, greedy. "
                        + "Default: 0.")
        @Nullable
        Integer cooldown,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "1e-9",
                doc = "A smaller change of the rate is not made. For reduce_lr_on_plateau, greedy. Default: " + "1e-8.")
        @Nullable
        Double eps,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "1",
                doc = "Evaluations to wait after the rate was raised. For greedy. Default: 0.")
        @Nullable
        Integer warmup,

        @Argument(
                group = GROUP,
                range = "(0, inf)",
                example = "1e-4",
                doc = "Highest learning rate. For greedy. Default: 1.")
        @Nullable
        Double maxLr,

        @Argument(
                group = GROUP,
                example = "true",
                doc = "Go by the mean of the last evaluations. For greedy. Default: false.")
        @Nullable
        Boolean smooth,

        @Argument(
                group = GROUP,
                range = "[1, inf)",
                example = "10",
                doc = "Evaluations in that mean. For greedy. Default: 50.")
        @Nullable
        Integer windowSize,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "50",
                doc = "Lowerings at the lowest rate after which it begins anew. For greedy. Default: 500.")
        @Nullable
        Integer resetStart) {

    private static final String GROUP = OptimizerArguments.GROUP;

    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(ScheduleArguments.class);

    private static final CompoundArguments COMPOUND = new CompoundArguments(
            "lr_scheduler_kwargs",
            "lr_scheduler_type",
            "schedule",
            SCHEMA,
            Map.ofEntries(
                    Map.entry(
                            "num_cycles",
                            List.of(
                                    "cosine",
                                    "cosine_with_restarts",
                                    "cosine_with_min_lr",
                                    "cosine_warmup_with_min_lr",
                                    "warmup_stable_decay")),
                    Map.entry("power", List.of("polynomial")),
                    Map.entry("lr_end", List.of("polynomial")),
                    Map.entry("timescale", List.of("inverse_sqrt")),
                    Map.entry(
                            "min_lr",
                            List.of(
                                    "cosine_with_min_lr",
                                    "cosine_warmup_with_min_lr",
                                    "reduce_lr_on_plateau",
                                    "greedy")),
                    Map.entry("min_lr_rate", List.of("cosine_with_min_lr", "cosine_warmup_with_min_lr")),
                    Map.entry("warmup_lr_rate", List.of("cosine_warmup_with_min_lr")),
                    Map.entry("num_decay_steps", List.of("warmup_stable_decay")),
                    Map.entry("num_stable_steps", List.of("warmup_stable_decay")),
                    Map.entry("warmup_type", List.of("warmup_stable_decay")),
                    Map.entry("decay_type", List.of("warmup_stable_decay")),
                    Map.entry("min_lr_ratio", List.of("warmup_stable_decay")),
                    Map.entry("mode", List.of("reduce_lr_on_plateau", "greedy")),
                    Map.entry("factor", List.of("reduce_lr_on_plateau", "greedy")),
                    Map.entry("patience", List.of("reduce_lr_on_plateau", "greedy")),
                    Map.entry("threshold", List.of("reduce_lr_on_plateau", "greedy")),
                    Map.entry("threshold_mode", List.of("reduce_lr_on_plateau", "greedy")),
                    Map.entry("cooldown", List.of("reduce_lr_on_plateau", "greedy")),
                    Map.entry("eps", List.of("reduce_lr_on_plateau", "greedy")),
                    Map.entry("warmup", List.of("greedy")),
                    Map.entry("max_lr", List.of("greedy")),
                    Map.entry("smooth", List.of("greedy")),
                    Map.entry("window_size", List.of("greedy")),
                    Map.entry("reset_start", List.of("greedy"))));

    /** Nothing but defaults. */
    public static final ScheduleArguments NONE = SCHEMA.create(ScheduleArguments.class, Map.of());

    public ScheduleArguments {
        Map<String, Object> said = COMPOUND.read(text);
        text = null;
        numCycles = (Double) said.getOrDefault("num_cycles", numCycles);
        power = (Double) said.getOrDefault("power", power);
        lrEnd = (Double) said.getOrDefault("lr_end", lrEnd);
        timescale = (Integer) said.getOrDefault("timescale", timescale);
        minLr = (Double) said.getOrDefault("min_lr", minLr);
        minLrRate = (Double) said.getOrDefault("min_lr_rate", minLrRate);
        warmupLrRate = (Double) said.getOrDefault("warmup_lr_rate", warmupLrRate);
        numDecaySteps = (Integer) said.getOrDefault("num_decay_steps", numDecaySteps);
        numStableSteps = (Integer) said.getOrDefault("num_stable_steps", numStableSteps);
        warmupType = (DecayShape) said.getOrDefault("warmup_type", warmupType);
        decayType = (DecayShape) said.getOrDefault("decay_type", decayType);
        minLrRatio = (Double) said.getOrDefault("min_lr_ratio", minLrRatio);
        mode = (MetricMode) said.getOrDefault("mode", mode);
        factor = (Double) said.getOrDefault("factor", factor);
        patience = (Integer) said.getOrDefault("patience", patience);
        threshold = (Double) said.getOrDefault("threshold", threshold);
        thresholdMode = (ThresholdMode) said.getOrDefault("threshold_mode", thresholdMode);
        cooldown = (Integer) said.getOrDefault("cooldown", cooldown);
        eps = (Double) said.getOrDefault("eps", eps);
        warmup = (Integer) said.getOrDefault("warmup", warmup);
        maxLr = (Double) said.getOrDefault("max_lr", maxLr);
        smooth = (Boolean) said.getOrDefault("smooth", smooth);
        windowSize = (Integer) said.getOrDefault("window_size", windowSize);
        resetStart = (Integer) said.getOrDefault("reset_start", resetStart);
    }

    /** Adds a sentence for each argument that this schedule does not take. */
    public void check(String schedule, Contradictions wrong) {
        COMPOUND.check(schedule, values(), wrong);
    }

    /** The values of the keys that a configuration record with these arguments has: the text, which was read, and each. */
    public static @Nullable Object[] keyValues(@Nullable ScheduleArguments arguments) {
        return SCHEMA.components(arguments == null ? NONE : arguments).values().toArray();
    }

    /** All values by name. */
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>(SCHEMA.components(this));
        values.remove("text");
        return values;
    }

    /** A builder without any value. */
    public static ScheduleArgumentsBuilder builder() {
        return ScheduleArgumentsBuilder.builder(NONE);
    }

    /** Shapes of a rise or fall. */
    public enum DecayShape {
        LINEAR,
        COSINE,
        ONE_MINUS_SQRT
    }

    /** Which way a metric gets better. */
    public enum MetricMode {
        MIN,
        MAX
    }

    /** What a threshold is of. */
    public enum ThresholdMode {
        REL,
        ABS
    }
}
