package dev.attune.job;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentSchema;
import dev.attune.data.DataCache;
import dev.attune.task.FineTuned;
import dev.attune.task.TaskType;
import dev.attune.task.Tasks;
import dev.attune.train.TrainingArguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to use a fine-tuned model: what its run wrote down, with the flags of a command on top.
 *
 * @param model the model and its record
 * @param task what it was trained for
 * @param settings a {@link TaskType#settings()}
 * @param prediction a {@link TaskType#predictionSettings()}
 * @param evalBatchSize {@code per_device_eval_batch_size}
 * @param cache {@code data_cache}
 */
public record TrainedOptions(
        FineTuned model, TaskType<?> task, Record settings, Record prediction, int evalBatchSize, DataCache cache) {
    /** Keys of {@link JobArguments} and {@link TrainingArguments} that make sense for any use of a trained model. */
    private static final List<String> COMMON = List.of("max_length", "bf16", "data_cache");

    /** A model with what its run wrote down. */
    public static TrainedOptions of(String model) {
        return of(model, null, new RecipeReader());
    }

    /**
     * A model with flags.
     *
     * @param task key of the task; null for the one the run wrote down, else {@link Tasks#of}
     * @param flags values of flags; a key of another task is a mistake, and so is one of the training alone
     * @throws dev.attune.error.ConfigException with everything that is wrong with the flags
     */
    public static TrainedOptions of(String model, @Nullable String task, RecipeReader flags) {
        FineTuned found = FineTuned.open(model);
        String name = task != null ? task : found.task();
        TaskType<?> type =
                name != null ? Tasks.named(name) : Tasks.of(found.folder().config());
        ArgumentSchema own = ArgumentSchema.of(type.settings());
        Map<String, @Nullable Object> asked = flags.forTrained(type, schema(type));
        Map<String, @Nullable Object> values = WrittenSettings.convert(own, found.settings());
        values.putAll(asked);
        Record settings = own.create(type.settings(), values);
        JobArguments job = JobArguments.SCHEMA.create(JobArguments.class, asked);
        TrainingArguments training = TrainingArguments.SCHEMA.create(TrainingArguments.class, asked);
        FineTuned changed = found.withSettings(own.values(settings), asked.keySet())
                .withMaxLength(job.maxLength())
                .withPrecision(training.precision());
        Record prediction = ArgumentSchema.of(type.predictionSettings()).create(type.predictionSettings(), asked);
        return new TrainedOptions(
                changed, type, settings, prediction, training.perDeviceEvalBatchSize(), JobData.cache(job));
    }

    /** The keys that commands with a trained model of this task may take. */
    public static ArgumentSchema schema(TaskType<?> task) {
        List<TaskType<?>> one = List.of(task);
        return ArgumentSchema.union("Trained", List.of(keys(one, false), keys(one, true)));
    }

    /** The keys of all tasks together, for the flags of a command that gives answers, or of one that evaluates. */
    public static ArgumentSchema keys(boolean prediction) {
        return keys(Tasks.all(), prediction);
    }

    /** As {@link #keys}, and keys of the training alone: a command knows them, to say that it does not take them. */
    public static ArgumentSchema known(boolean prediction) {
        List<ArgumentSchema> parts = new ArrayList<>(List.of(keys(prediction)));
        Tasks.all().forEach(task -> parts.add(ArgumentSchema.of(task.settings())));
        return ArgumentSchema.union("Trained", parts);
    }

    private static ArgumentSchema keys(List<TaskType<?>> tasks, boolean prediction) {
        List<ArgumentSchema> parts = new ArrayList<>();
        for (TaskType<?> task : tasks) {
            parts.add(ArgumentSchema.of(task.settings()).only(key -> !key.trainingOnly()));
            if (prediction) parts.add(ArgumentSchema.of(task.predictionSettings()));
        }
        parts.add(JobArguments.SCHEMA.only(key -> COMMON.contains(key.name())));
        parts.add(TrainingArguments.SCHEMA.only(key -> COMMON.contains(key.name()) || !prediction && isBatch(key)));
        return ArgumentSchema.union("Trained", parts);
    }

    /** The loss is averaged by batches; answers do not depend on them. */
    private static boolean isBatch(ArgumentKey key) {
        return key.name().equals("per_device_eval_batch_size");
    }
}
