package dev.attune.job;

import dev.attune.config.ContradictionException.Contradiction;
import dev.attune.config.Contradictions;
import dev.attune.task.TaskOptions;
import dev.attune.task.TaskType;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.TrainingArguments;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What keys of different records may not say together. */
final class RecipeRules {
    private RecipeRules() {}

    /** All that is wrong. Each record has checked itself before. */
    static List<Contradiction> check(TaskType<?> type, JobArguments job, Record settings, TrainingArguments training) {
        Contradictions wrong = new Contradictions();
        boolean hasUnnamed = job.validation() != null || job.validationFraction() > 0;
        Set<String> named = job.namedValidation().keySet();
        if (!hasUnnamed && named.isEmpty()) {
            String missing = " needs validation data. Add validation, or validation_fraction: 0.1 to split it off the"
                    + " training data.";
            if (training.evalStrategy() != IntervalStrategy.NO) {
                wrong.add(
                        "eval_strategy \"" + training.evalStrategy() + "\"" + missing,
                        "eval_strategy",
                        "validation",
                        "validation_sets",
                        "validation_fraction");
            }
            if (training.evalOnStart()) {
                wrong.add(
                        "eval_on_start" + missing,
                        "eval_on_start",
                        "validation",
                        "validation_sets",
                        "validation_fraction");
            }
        }
        String metric = training.metricForBestModel();
        if (!hasUnnamed && !named.isEmpty() && training.comparesEvaluations() && isUnnamedLoss(metric)) {
            wrong.add(
                    "metric_for_best_model is "
                            + (metric == null ? "not set, which means" : "\"" + metric + "\", so it is")
                            + " eval_loss, but all validation data have a name. Set it to a result of one of them, for"
                            + " instance eval_" + named.iterator().next() + "_loss.",
                    "metric_for_best_model",
                    "validation_sets");
        }
        if (job.lora() != null && !training.freeze().isEmpty()) {
            wrong.add(
                    "lora trains its own tables and freezes all else, but freeze names parts to freeze. Delete one of the two.",
                    "freeze",
                    "lora");
        }
        if (job.lora() != null && training.unfreezeLayersPerEpoch() != null) {
            wrong.add(
                    "unfreeze_layers_per_epoch would train the model below the adapters of lora. Delete one of the two.",
                    "unfreeze_layers_per_epoch",
                    "lora");
        }
        if (training.oversample() != null && !type.hasClasses()) {
            wrong.add(
                    "oversample draws rows by their class, but those of " + type.key() + " have none. Delete it.",
                    "oversample",
                    "oversample_to");
        }
        task(type, settings, new TaskOptions(training.labelSmoothingFactor(), null, null), wrong);
        return wrong.found();
    }

    private static boolean isUnnamedLoss(@Nullable String metric) {
        return metric == null || metric.equals("loss") || metric.equals("eval_loss");
    }

    private static <S extends Record> void task(
            TaskType<S> type, Record settings, TaskOptions options, Contradictions wrong) {
        type.check(type.settings().cast(settings), options, wrong);
    }
}
