package dev.attune.task;

import dev.attune.adapt.ModelFolder;
import dev.attune.error.CheckpointException;
import dev.attune.hub.Hub;
import dev.attune.hub.ModelFiles;
import dev.attune.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model that was fine-tuned, and what its run wrote down about it: whatever a later command needs to know. A folder that
 * Attune did not make has no such record.
 *
 * @param files where the model is
 * @param task key of the task it was trained for; null if nobody wrote it down
 * @param settings the task's settings as they were written down, by key, with those that the caller asked for on top;
 *     empty if there are none
 * @param asked the keys that the caller asked for: they hold where data do not have what was written down
 * @param maxLength longest input of its training in tokens; null for the model's own limit
 * @param precision type of the matrix products
 */
public record FineTuned(
        ModelFiles files,
        @Nullable String task,
        Map<String, @Nullable Object> settings,
        Set<String> asked,
        @Nullable Integer maxLength,
        DType precision) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Where config, weights and tokenizer are. */
    public ModelFolder folder() {
        return ModelFolder.of(files.directory());
    }

    /**
     * Opens what {@link Hub#resolve} understands.
     *
     * @throws CheckpointException if there is a {@code run.json} that cannot be read
     */
    public static FineTuned open(String model) {
        ModelFiles files = Hub.resolve(model);
        Path record = files.directory().resolve("run.json");
        if (!Files.isRegularFile(record)) return new FineTuned(files, null, Map.of(), Set.of(), null, DType.FLOAT32);
        try {
            JsonNode run = JSON.readTree(Files.readAllBytes(record));
            JsonNode length = run.path("max_length");
            // Runs of the first version wrote the task among the arguments.
            JsonNode task = run.path("task").isString() ? run.path("task") : run.at("/arguments/task");
            return new FineTuned(
                    files,
                    task.isString() ? task.stringValue() : null,
                    map(run.path("settings")),
                    Set.of(),
                    length.canConvertToInt() && length.isNumber() ? length.intValue() : null,
                    DType.FLOAT32);
        } catch (JacksonException e) {
            throw new CheckpointException(
                    record + " is not valid JSON: " + e.getOriginalMessage()
                            + ". Remove it to use the folder as a plain model folder.",
                    e);
        } catch (IOException e) {
            throw new CheckpointException(record + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> map(JsonNode node) {
        return node.isObject() ? JSON.treeToValue(node, LinkedHashMap.class) : Map.of();
    }

    /** The same with other settings, {@code asked} being the keys that are not those of the run. */
    public FineTuned withSettings(Map<String, @Nullable Object> changed, Set<String> asked) {
        return new FineTuned(files, task, changed, Set.copyOf(asked), maxLength, precision);
    }

    /** The same with another limit; null leaves it as it is. */
    public FineTuned withMaxLength(@Nullable Integer length) {
        return length == null ? this : new FineTuned(files, task, settings, asked, length, precision);
    }

    /** The same with another type of the matrix products. */
    public FineTuned withPrecision(DType type) {
        return new FineTuned(files, task, settings, asked, maxLength, type);
    }

    /** The column that the caller named for {@code key}, or that the run wrote down if the rows have it; null for neither. */
    public @Nullable String column(String key, List<String> columns) {
        return settings.get(key) instanceof String name && (asked.contains(key) || columns.contains(name))
                ? name
                : null;
    }

    /** Where inputs are cut: as in the training, and never beyond {@code limit}, what model and tokenizer take. */
    public int maxLengthWithin(int limit) {
        return maxLength == null ? limit : Math.min(limit, maxLength);
    }
}
