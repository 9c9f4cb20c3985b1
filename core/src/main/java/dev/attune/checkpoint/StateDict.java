package dev.attune.checkpoint;

import dev.attune.error.CheckpointException;
import dev.attune.io.AtomicFiles;
import dev.attune.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the parts of a run remember, by name, as torch's state_dict: numbers and texts in {@code training_state.json}, tensors
 * in {@code training_state.safetensors}. Names are joined by dots: {@code optimizer.classifier.weight.exp_avg}.
 *
 * <pre>{@code
 * StateDict state = new StateDict();
 * optimizer.save(state.part("optimizer"));
 * state.write(folder);
 * optimizer.load(StateDict.read(folder).part("optimizer"));
 * }</pre>
 */
public final class StateDict {
    public static final String VALUES = "training_state.json";
    public static final String TENSORS = "training_state.safetensors";

    /** Java reads and writes a double so that it stays the same to the last bit. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String prefix;
    /** Shared by all parts. */
    private final ObjectNode values;

    private final Map<String, Tensor> tensors;
    /** Where it was read, for messages. */
    private final String source;

    public StateDict() {
        this("", JSON.createObjectNode(), new LinkedHashMap<>(), "the state of the run");
    }

    private StateDict(String prefix, ObjectNode values, Map<String, Tensor> tensors, String source) {
        this.prefix = prefix;
        this.values = values;
        this.tensors = tensors;
        this.source = source;
    }

    /** The names that begin with this one and a dot, without it. What is put there is put here. */
    public StateDict part(String name) {
        return new StateDict(prefix + name + ".", values, tensors, source);
    }

    // ---- writing

    public StateDict put(String name, long value) {
        values.put(prefix + name, value);
        return this;
    }

    /** @throws IllegalArgumentException if it is not a finite number, which JSON has no word for */
    public StateDict put(String name, double value) {
        if (!Double.isFinite(value)) throw new IllegalArgumentException(prefix + name + " is " + value);
        values.put(prefix + name, value);
        return this;
    }

    public StateDict put(String name, String value) {
        values.put(prefix + name, value);
        return this;
    }

    /** Any value that JSON has, for what is made of lists and maps. */
    public StateDict put(String name, JsonNode value) {
        values.set(prefix + name, value);
        return this;
    }

    /** @param tensor contiguous; it has to live until {@link #write} */
    public StateDict put(String name, Tensor tensor) {
        tensors.put(prefix + name, tensor);
        return this;
    }

    /** Writes both files, each at once or not at all. */
    public void write(Path folder) {
        List<TensorData> written = new ArrayList<>();
        tensors.forEach((name, tensor) ->
                written.add(new TensorData(new TensorInfo(name, tensor.type(), tensor.shape()), tensor.memory())));
        Safetensors.write(folder.resolve(TENSORS), written, Map.of());
        AtomicFiles.writeString(
                folder.resolve(VALUES), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(values) + "\n");
    }

    // ---- reading

    /**
     * Reads both files; the tensors are made in the scope that is open.
     *
     * @throws CheckpointException if a file is missing or damaged
     */
    public static StateDict read(Path folder) {
        Path file = folder.resolve(VALUES);
        if (!Files.exists(file)) throw new CheckpointException(file + " is missing.");
        ObjectNode values;
        try {
            JsonNode root = JSON.readTree(file);
            if (!root.isObject()) throw new CheckpointException(file + " is not a JSON object.");
            values = (ObjectNode) root;
        } catch (JacksonException e) {
            throw new CheckpointException(file + " is not valid JSON (" + e.getOriginalMessage() + ").", e);
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (Weights weights = Safetensors.open(folder.resolve(TENSORS))) {
            for (String name : weights.names()) {
                TensorInfo info = weights.info(name);
                Tensor tensor = Tensor.empty(info.dtype(), info.shape());
                tensor.load(weights.bytes(name), info.dtype());
                weights.forget(); // else the file would be in memory beside the tensors
                tensors.put(name, tensor);
            }
        }
        return new StateDict("", values, tensors, folder.toString());
    }

    public long integer(String name) {
        JsonNode value = value(name);
        if (!value.isIntegralNumber()) throw wrong(name, "a whole number");
        return value.asLong();
    }

    public double real(String name) {
        JsonNode value = value(name);
        if (!value.isNumber()) throw wrong(name, "a number");
        return value.asDouble();
    }

    public String text(String name) {
        JsonNode value = value(name);
        if (!value.isString()) throw wrong(name, "a text");
        return value.stringValue();
    }

    public JsonNode value(String name) {
        JsonNode value = values.get(prefix + name);
        if (value == null) throw new CheckpointException(source + " has no \"" + prefix + name + "\".");
        return value;
    }

    /** Whether there is such a value. */
    public boolean hasValue(String name) {
        return values.has(prefix + name);
    }

    /** Whether there is such a tensor. */
    public boolean hasTensor(String name) {
        return tensors.containsKey(prefix + name);
    }

    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(prefix + name);
        if (tensor == null) throw new CheckpointException(source + " has no tensor \"" + prefix + name + "\".");
        return tensor;
    }

    /**
     * Fails if there are tensors that nobody knows what to do with.
     *
     * @param known of a name without the prefix
     */
    public void requireTensors(Predicate<String> known) {
        Set<String> unknown = tensors.keySet().stream()
                .filter(name -> name.startsWith(prefix) && !known.test(name.substring(prefix.length())))
                .collect(Collectors.toSet());
        if (unknown.isEmpty()) return;
        throw new CheckpointException(source + " has the tensor \""
                + unknown.stream().sorted().findFirst().orElseThrow() + "\", which this run has no place for.");
    }

    /** Where a value or a tensor is, for messages. */
    public String name(String name) {
        return source + ": \"" + prefix + name + "\"";
    }

    private CheckpointException wrong(String name, String expected) {
        return new CheckpointException(name(name) + " is " + value(name) + ", but must be " + expected + ".");
    }
}
