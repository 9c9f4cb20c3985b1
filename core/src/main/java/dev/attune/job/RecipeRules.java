package dev.attune.job;

import dev.attune.config.ContradictionException.Contradiction;
import dev.attune.config.Contradictions;
import dev.attune.task.TaskOptions;
import dev.attune.task.TaskType;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.TrainingArguments;
import java.util.List;

/** What keys of different records may not say together. */
final class RecipeRules {
    private RecipeRules() {}

    /** All that is wrong. Each record has checked itself before. */
    static List<Contradiction> check(TaskType<?> type, JobArguments job, Record settings, TrainingArguments training) {
        Contradictions wrong = new Contradictions();
        if (job.validation() == null && job.validationFraction() == 0) {
            String missing = " needs validation data. Add validation, or validation_fraction: 0.1 to split it off the"
                    + " training data.";
            if (training.evalStrategy() != IntervalStrategy.NO) {
                wrong.add(
                        "eval_strategy \"" + training.evalStrategy() + "\"" + missing,
                        "eval_strategy",
                        "validation",
                        "validation_fraction");
            }
            if (training.evalOnStart()) {
                wrong.add("eval_on_start" + missing, "eval_on_start", "validation", "validation_fraction");
            }
        }
        task(type, settings, new TaskOptions(training.labelSmoothingFactor(), null, null), wrong);
        return wrong.found();
    }

    private static <S extends Record> void task(
            TaskType<S> type, Record settings, TaskOptions options, Contradictions wrong) {
        type.check(type.settings().cast(settings), options, wrong);
    }
}
