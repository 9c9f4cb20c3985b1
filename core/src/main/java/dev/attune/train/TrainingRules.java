package dev.attune.train;

import dev.attune.config.ArgumentPlace;
import dev.attune.config.Mistakes;
import dev.attune.train.TrainingArguments.EvalStrategy;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What two training arguments may not say together. {@code place} tells where a key was written, or null. */
public final class TrainingRules {
    private TrainingRules() {}

    public static void check(
            TrainingArguments arguments, Function<String, @Nullable ArgumentPlace> place, Mistakes errors) {
        if (arguments.maxSteps() == 0) {
            errors.contradiction(
                    List.of("max_steps"),
                    place.apply("max_steps"),
                    "max_steps is 0, but must be at least 1, or -1 to let num_train_epochs decide.");
        }
        Double evalSteps = arguments.evalSteps();
        if (evalSteps == null) return;
        if (arguments.evalStrategy() != EvalStrategy.STEPS) {
            errors.contradiction(
                    List.of("eval_steps", "eval_strategy", "max_steps"),
                    place.apply("eval_steps"),
                    "eval_steps is set, but eval_strategy is \"" + arguments.evalStrategy()
                            + "\". Set eval_strategy: steps, or delete eval_steps.");
        } else if (arguments.maxSteps() > 0 && evalSteps > arguments.maxSteps()) {
            errors.contradiction(
                    List.of("eval_steps", "eval_strategy", "max_steps"),
                    place.apply("eval_steps"),
                    "eval_steps is " + number(evalSteps) + ", but the run ends after max_steps " + arguments.maxSteps()
                            + ": it would never evaluate. Lower eval_steps or raise max_steps.");
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
