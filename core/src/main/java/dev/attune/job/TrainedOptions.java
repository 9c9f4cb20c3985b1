package dev.attune.job;

import dev.attune.config.ArgumentSchema;
import dev.attune.model.ModelConfig;
import dev.attune.task.FineTuned;
import dev.attune.task.TaskType;
import dev.attune.task.Tasks;
import dev.attune.tensor.DType;
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
 */
public record TrainedOptions(FineTuned model, TaskType<?> task, Record settings, Record prediction, int evalBatchSize) {
    /** Keys of {@link JobArguments} and {@link TrainingArguments} that make sense for a trained model. */
    private static final List<String> KEYS = List.of("max_length", "per_device_eval_batch_size", "bf16", "data_cache");

    /** A model with what its run wrote down. */
    public static TrainedOptions of(String model) {
        return of(model, null, new RecipeReader());
    }

    /**
     * A model with flags.
     *
     * @param task key of the task; null for the one the run wrote down, else {@link Tasks#of}
     * @param flags values of flags; a key of another task is a mistake
     * @throws dev.attune.error.ConfigException with everything that is wrong with the flags
     */
    public static TrainedOptions of(String model, @Nullable String task, RecipeReader flags) {
        FineTuned found = FineTuned.open(model);
        String name = task != null ? task : found.task();
        TaskType<?> type = name != null
                ? Tasks.named(name)
                : Tasks.of(ModelConfig.read(found.files().directory()));
        ArgumentSchema schema = schema(type);
        Map<String, @Nullable Object> values = flags.forTrained(type, schema, found.settings());
        Record settings = schema.create(type.settings(), values);
        FineTuned changed = found.withSettings(schema.values(settings))
                .withMaxLength((Integer) values.get("max_length"))
                .withPrecision(Boolean.TRUE.equals(values.get("bf16")) ? DType.BFLOAT16 : DType.FLOAT32);
        Object batch = values.getOrDefault("per_device_eval_batch_size", 8);
        return new TrainedOptions(
                changed, type, settings, schema.create(type.predictionSettings(), values), (Integer) batch);
    }

    /** The keys that a command with a trained model of this task may take. */
    @SuppressWarnings("unchecked") // an array of classes of records is safe
    public static ArgumentSchema schema(TaskType<?> task) {
        List<ArgumentSchema> parts = new ArrayList<>();
        parts.add(ArgumentSchema.of(task.settings(), task.predictionSettings()));
        parts.add(JobArguments.SCHEMA.only(KEYS));
        parts.add(TrainingArguments.SCHEMA.only(KEYS));
        return ArgumentSchema.union("Trained", parts);
    }

    /** The keys of all tasks together, for the flags of a command; {@code prediction} adds those of answers. */
    public static ArgumentSchema keys(boolean prediction) {
        List<ArgumentSchema> parts = new ArrayList<>();
        for (TaskType<?> task : Tasks.all()) {
            parts.add(ArgumentSchema.of(task.settings()));
            if (prediction) parts.add(ArgumentSchema.of(task.predictionSettings()));
        }
        parts.add(JobArguments.SCHEMA.only(KEYS));
        parts.add(TrainingArguments.SCHEMA.only(KEYS));
        return ArgumentSchema.union("Trained", parts);
    }
}
