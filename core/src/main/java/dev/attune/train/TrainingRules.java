package dev.attune.train;

import dev.attune.config.Contradictions;
import dev.attune.error.ConfigException;
import dev.attune.optim.LearningRate;
import dev.attune.optim.OptimizerArguments;
import dev.attune.optim.PatternValues;
import dev.attune.optim.ScheduleArguments;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What training arguments may not say together. */
final class TrainingRules {
    private TrainingRules() {}

    static void check(Contradictions wrong, int maxSteps, IntervalStrategy evalStrategy, @Nullable Double evalSteps) {
        if (maxSteps == 0) {
            wrong.add("max_steps is 0, but must be at least 1, or -1 to let num_train_epochs decide.", "max_steps");
        }
        if (evalSteps == null) return;
        if (evalStrategy != IntervalStrategy.STEPS) {
            wrong.add(
                    "eval_steps is set, but eval_strategy is \"" + evalStrategy
                            + "\". Set eval_strategy: steps, or delete eval_steps.",
                    "eval_steps",
                    "eval_strategy",
                    "max_steps");
        } else if (maxSteps > 0 && evalSteps > maxSteps) {
            wrong.add(
                    "eval_steps is " + number(evalSteps) + ", but the run ends after max_steps " + maxSteps
                            + ": it would never evaluate. Lower eval_steps or raise max_steps.",
                    "eval_steps",
                    "eval_strategy",
                    "max_steps");
        }
    }

    /** What is computed once has no noise. */
    static void frozenPrefix(Contradictions wrong, FrozenPrefixMode mode, @Nullable Double noise) {
        if (mode != FrozenPrefixMode.CACHE || noise == null || noise == 0) return;
        wrong.add(
                "frozen_prefix is \"cache\", so the embeddings are computed once, but neftune_noise_alpha wants noise in them"
                        + " in every step. Keep one of the two.",
                "frozen_prefix",
                "neftune_noise_alpha");
    }

    /** One key says in which type to compute. */
    static void precision(
            Contradictions wrong, boolean bf16, boolean fp16, @Nullable MixedPrecision mixed, boolean bothFullEvals) {
        if (bf16 && fp16) {
            wrong.add("bf16 and fp16 are both true. Keep one of the two.", "bf16", "fp16");
        }
        if (mixed != null && (bf16 || fp16)) {
            String flag = bf16 ? "bf16" : "fp16";
            wrong.add(
                    "mixed_precision is \"" + mixed + "\" and " + flag + " is true. Keep one of the two.",
                    "mixed_precision",
                    flag);
        }
        if (bothFullEvals) {
            wrong.add(
                    "bf16_full_eval and fp16_full_eval are both true. Keep one of the two.",
                    "bf16_full_eval",
                    "fp16_full_eval");
        }
    }

    /** The best model is known after an evaluation, and can be loaded only if it was saved then. */
    static void best(
            Contradictions wrong,
            IntervalStrategy evalStrategy,
            double evalSteps,
            SaveStrategy saveStrategy,
            double saveSteps) {
        if (saveStrategy == SaveStrategy.BEST) return;
        if (evalStrategy == IntervalStrategy.NO || !evalStrategy.toString().equals(saveStrategy.toString())) {
            wrong.add(
                    "load_best_model_at_end needs a checkpoint of each model that is evaluated, but eval_strategy is \""
                            + evalStrategy + "\" and save_strategy \"" + saveStrategy
                            + "\". Set save_strategy: best, or both to the same.",
                    "load_best_model_at_end",
                    "save_strategy",
                    "eval_strategy");
        } else if (saveStrategy == SaveStrategy.STEPS && !isMultiple(saveSteps, evalSteps)) {
            wrong.add(
                    "load_best_model_at_end needs save_steps to be a multiple of eval_steps, but they are "
                            + number(saveSteps) + " and " + number(evalSteps)
                            + ". Set save_strategy: best, or save_steps: "
                            + number(evalSteps) + ".",
                    "load_best_model_at_end",
                    "save_steps",
                    "eval_steps");
        }
    }

    private static boolean isMultiple(double saveSteps, double evalSteps) {
        double times = saveSteps / evalSteps;
        return (saveSteps < 1) == (evalSteps < 1) && Math.abs(times - Math.rint(times)) < 1e-9;
    }

    /** What waits for evaluations would wait for ever. */
    static void evaluates(
            Contradictions wrong,
            IntervalStrategy evalStrategy,
            SaveStrategy saveStrategy,
            @Nullable Integer earlyStoppingPatience) {
        if (evalStrategy != IntervalStrategy.NO) return;
        if (saveStrategy == SaveStrategy.BEST) {
            wrong.add(
                    "save_strategy is \"best\", but eval_strategy is \"no\": no evaluation would tell which model is the"
                            + " best. Set eval_strategy: epoch.",
                    "save_strategy",
                    "eval_strategy");
        }
        if (earlyStoppingPatience != null) {
            wrong.add(
                    "early_stopping_patience is set, but eval_strategy is \"no\". Set eval_strategy: epoch.",
                    "early_stopping_patience",
                    "eval_strategy");
        }
    }

    /** What the schedule itself says of its arguments. */
    static void schedule(
            Contradictions wrong, SchedulerType type, @Nullable ScheduleArguments arguments, double learningRate) {
        ScheduleArguments given = arguments == null ? ScheduleArguments.NONE : arguments;
        given.check(type.toString(), wrong);
        try {
            LearningRate.of(type.toString(), given, learningRate, 0, 1);
        } catch (ConfigException e) {
            wrong.add(e.getMessage(), "lr_scheduler_kwargs", "lr_scheduler_type");
        }
    }

    /** What the optimizer says of its arguments. */
    static void optimizer(Contradictions wrong, OptimizerNames optim, @Nullable OptimizerArguments arguments) {
        if (arguments != null) arguments.check(optim.toString(), wrong);
    }

    /** Learning rates of some parameters are multiples of the run's. */
    static void groups(
            Contradictions wrong,
            double learningRate,
            @Nullable Double headLearningRate,
            List<String> learningRates,
            List<String> weightDecays) {
        PatternValues.mistakes("learning_rates", learningRates).forEach(each -> wrong.add(each, "learning_rates"));
        PatternValues.mistakes("weight_decays", weightDecays).forEach(each -> wrong.add(each, "weight_decays"));
        if (learningRate > 0 || (headLearningRate == null && learningRates.isEmpty())) return;
        wrong.add(
                "learning_rate is 0, so that the schedule has nothing to multiply for head_learning_rate or"
                        + " learning_rates. Set learning_rate above 0; with learning_rates: ['*=0', classifier=1e-3] all else stays"
                        + " as it is.",
                "learning_rate",
                "head_learning_rate",
                "learning_rates");
    }

    /** A schedule that goes by evaluations needs some, and has to know which way is better. */
    static void scheduleByEvaluations(
            Contradictions wrong,
            SchedulerType type,
            @Nullable ScheduleArguments arguments,
            IntervalStrategy evalStrategy,
            boolean isGreaterBetter) {
        if (!LearningRate.needsEvaluations(type.toString())) return;
        if (evalStrategy == IntervalStrategy.NO) {
            wrong.add(
                    "lr_scheduler_type is \"" + type + "\", which goes by evaluations, but eval_strategy is \"no\". Set"
                            + " eval_strategy: epoch.",
                    "lr_scheduler_type",
                    "eval_strategy");
        }
        // The reference would take more of the metric for worse, and say nothing.
        if (isGreaterBetter && (arguments == null || arguments.mode() == null)) {
            wrong.add(
                    "lr_scheduler_type is \"" + type
                            + "\", which takes less of metric_for_best_model for better unless it is"
                            + " told otherwise. Set mode: max in lr_scheduler_kwargs.",
                    "lr_scheduler_kwargs",
                    "lr_scheduler_type",
                    "metric_for_best_model");
        }
    }

    /** What is drawn at random is in no order of the file. */
    static void oversampling(
            Contradictions wrong,
            @Nullable Oversample oversample,
            OversampleBy oversampleBy,
            SamplingStrategy strategy) {
        if (oversample == null && oversampleBy == OversampleBy.DUPLICATION) {
            wrong.add(
                    "oversample_by is \"duplication\", but oversample is not set. Set oversample: balanced, or delete it.",
                    "oversample_by",
                    "oversample");
        }
        if (oversample != null && oversampleBy == OversampleBy.SAMPLING && strategy == SamplingStrategy.SEQUENTIAL) {
            wrong.add(
                    "train_sampling_strategy is \"sequential\", but oversample draws rows at random. Set oversample_by:"
                            + " duplication, or another train_sampling_strategy.",
                    "train_sampling_strategy",
                    "oversample",
                    "oversample_by");
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
