package dev.attune.job;

import dev.attune.config.ArgumentPlace;
import dev.attune.config.Mistakes;
import dev.attune.task.ProblemType;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingArguments.EvalStrategy;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What two keys may not say together. {@code place} tells where a key was written, or null. */
final class RecipeRules {
    private RecipeRules() {}

    /** Rules for the data and the task of a training job. */
    static void job(Recipe recipe, Function<String, @Nullable ArgumentPlace> place, Mistakes errors) {
        TrainingArguments training = recipe.training();
        if (recipe.validation() != null && recipe.validationFraction() > 0) {
            errors.contradiction(
                    List.of("validation", "validation_fraction"),
                    place.apply("validation_fraction"),
                    "validation and validation_fraction are both set. Keep validation for a file of its own, or"
                            + " validation_fraction to split it off the training data.");
        }
        if (recipe.validation() == null && recipe.validationFraction() == 0) {
            String missing = " needs validation data. Add validation, or validation_fraction: 0.1 to split it off the"
                    + " training data.";
            if (training.evalStrategy() != EvalStrategy.NO) {
                errors.contradiction(
                        List.of("eval_strategy", "validation", "validation_fraction"),
                        place.apply("eval_strategy"),
                        "eval_strategy \"" + training.evalStrategy() + "\"" + missing);
            }
            if (training.evalOnStart())
                errors.contradiction(
                        List.of("eval_on_start", "validation", "validation_fraction"),
                        place.apply("eval_on_start"),
                        "eval_on_start" + missing);
        }
        boolean singleLabel =
                recipe.problemType() == null || recipe.problemType() == ProblemType.SINGLE_LABEL_CLASSIFICATION;
        if (training.labelSmoothingFactor() > 0 && !singleLabel) {
            errors.contradiction(
                    List.of("label_smoothing_factor", "problem_type"),
                    place.apply("label_smoothing_factor"),
                    "label_smoothing_factor works with single-label classification, but problem_type is \""
                            + recipe.problemType().key() + "\". Delete one of them.");
        }
        if (recipe.problemType() == ProblemType.REGRESSION && !recipe.labels().isEmpty()) {
            errors.contradiction(
                    List.of("labels", "problem_type"),
                    place.apply("labels"),
                    "labels are names of classes, but problem_type is \"regression\". Delete one of them.");
        }
        columns(recipe, place, errors);
    }

    private static void columns(Recipe recipe, Function<String, @Nullable ArgumentPlace> place, Mistakes errors) {
        String text = recipe.textColumn();
        if (text != null && text.equals(recipe.labelColumn())) {
            errors.contradiction(
                    List.of("label_column", "text_column"),
                    place.apply("label_column"),
                    "text_column and label_column are both \"" + text + "\".");
        }
        if (text != null && text.equals(recipe.textPairColumn())) {
            errors.contradiction(
                    List.of("text_pair_column", "text_column"),
                    place.apply("text_pair_column"),
                    "text_column and text_pair_column are both \"" + text + "\".");
        }
    }
}
