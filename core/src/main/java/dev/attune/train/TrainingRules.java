package dev.attune.train;

import dev.attune.config.Contradictions;
import org.jspecify.annotations.Nullable;

/** What training arguments may not say together. */
final class TrainingRules {
    private TrainingRules() {}

    static void check(Contradictions wrong, int maxSteps, EvalStrategy evalStrategy, @Nullable Double evalSteps) {
        if (maxSteps == 0) {
            wrong.add("max_steps is 0, but must be at least 1, or -1 to let num_train_epochs decide.", "max_steps");
        }
        if (evalSteps == null) return;
        if (evalStrategy != EvalStrategy.STEPS) {
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

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
