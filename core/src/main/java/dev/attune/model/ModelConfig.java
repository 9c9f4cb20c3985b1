package dev.attune.model;

import dev.attune.error.CheckpointException;
import dev.attune.io.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * config.json of a checkpoint: typed reading with Hugging Face's defaults, and everything unknown kept and written back
 * verbatim.
 */
public final class ModelConfig {
    /** Numbers keep their digits: what is not understood must come out as it went in. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Hundreds of thousands of labels have less. */
    private static final int MAX_MEBIBYTES = 64;

    /** Most labels without names; each gets one. */
    private static final int MAX_UNNAMED = 100_000;

    private final ObjectNode json;
    private final String source;
    private final List<String> notes;

    private ModelConfig(ObjectNode json, String source, List<String> notes) {
        this.json = json;
        this.source = source;
        this.notes = List.copyOf(notes);
    }

    /**
     * The config of a model folder, or a config file. A folder of a BERT that has none, as many Maven artifacts, gets
     * one from its weights, see {@link #notes()}.
     *
     * @throws CheckpointException if there is none and the weights do not tell it, or it is malformed
     */
    public static ModelConfig read(Path path) {
        Path file = Files.isRegularFile(path) ? path : path.resolve("config.json");
        return Files.isRegularFile(file) ? readFile(file) : InferredConfig.of(path);
    }

    static ModelConfig readFile(Path file) {
        try {
            JsonNode node = JSON.readTree(SmallFile.bytes(file, MAX_MEBIBYTES));
            if (node instanceof ObjectNode object) return new ModelConfig(object, file.toString(), List.of());
            throw new CheckpointException(file + " is not a JSON object.");
        } catch (JacksonException e) {
            throw new CheckpointException(file + " is not valid JSON: " + e.getOriginalMessage() + ".", e);
        } catch (NumberFormatException e) { // of 1e-4294967297
            throw new CheckpointException(file + " has a number that no number type holds: " + e.getMessage() + ".", e);
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** A config from JSON text, for tests and for models made from scratch. */
    public static ModelConfig parse(String text) {
        return new ModelConfig((ObjectNode) JSON.readTree(text), "config.json", List.of());
    }

    /** A config that no file holds. */
    static ModelConfig made(Map<String, Object> values, String source, String note) {
        return new ModelConfig(JSON.valueToTree(values), source, List.of(note));
    }

    public String source() {
        return source;
    }

    /** What the user should know about where the values come from; empty if all are from config.json. */
    public List<String> notes() {
        return notes;
    }

    /** A copy that says one thing more. */
    public ModelConfig noting(String note) {
        List<String> all = new ArrayList<>(notes);
        all.add(note);
        return new ModelConfig(json, source, all);
    }

    public boolean has(String key) {
        return json.hasNonNull(key);
    }

    public int integer(String key, int orElse) {
        JsonNode node = present(key);
        if (node == null) return orElse;
        if (!node.canConvertToInt()) throw wrong(key, "an integer", node);
        return node.intValue();
    }

    /** An integer of at least 1: how many of something there are. */
    public int size(String key, int orElse) {
        int size = integer(key, orElse);
        if (size < 1) throw wrong(key, "at least 1", json.get(key));
        return size;
    }

    /** A number from 0 to 1. */
    public double probability(String key, double orElse) {
        double value = number(key, orElse);
        if (!(value >= 0 && value <= 1)) throw wrong(key, "from 0 to 1", json.get(key));
        return value;
    }

    public double number(String key, double orElse) {
        JsonNode node = present(key);
        if (node == null) return orElse;
        if (!node.isNumber()) throw wrong(key, "a number", node);
        double value = node.decimalValue().doubleValue();
        if (!Double.isFinite(value)) throw wrong(key, "a number of 64 bits", node);
        return value;
    }

    public String text(String key, String orElse) {
        JsonNode node = present(key);
        if (node == null) return orElse;
        if (!node.isString()) throw wrong(key, "text", node);
        return node.stringValue();
    }

    public boolean flag(String key, boolean orElse) {
        JsonNode node = present(key);
        if (node == null) return orElse;
        if (!node.isBoolean()) throw wrong(key, "true or false", node);
        return node.booleanValue();
    }

    /** An object within this one, as a config of its own; an empty one if there is none. */
    public ModelConfig section(String key) {
        JsonNode node = present(key);
        if (node == null) return new ModelConfig(JSON.createObjectNode(), source + ", " + key, List.of());
        if (node instanceof ObjectNode object) return new ModelConfig(object, source + ", " + key, List.of());
        throw wrong(key, "an object", node);
    }

    /** The objects within an object, by their names; what is no object is left out. */
    public Map<String, ModelConfig> sections(String key) {
        ModelConfig section = section(key);
        Map<String, ModelConfig> found = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : section.json.properties()) {
            if (entry.getValue() instanceof ObjectNode) found.put(entry.getKey(), section.section(entry.getKey()));
        }
        return found;
    }

    /** The texts of a list; empty if there is none. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        JsonNode node = present(key);
        if (node == null) return texts;
        if (!node.isArray()) throw wrong(key, "a list", node);
        for (JsonNode text : node) {
            if (!text.isString()) throw wrong(key, "a list of texts", node);
            texts.add(text.stringValue());
        }
        return texts;
    }

    /** Longest text in tokens that both the model and a tokenizer with this limit take. */
    public int maxLength(int tokenizerLimit) {
        return Math.min(integer("max_position_embeddings", integer("n_positions", 512)), tokenizerLimit);
    }

    /** The reference's classes that the files were saved from, {@code BertForSequenceClassification}; mostly one. */
    public List<String> architectures() {
        List<String> names = new ArrayList<>();
        json.path("architectures").forEach(name -> {
            if (!name.isString()) throw wrong("architectures", "a list of names", json.get("architectures"));
            names.add(name.stringValue());
        });
        return names;
    }

    /** Names of the labels in the order of their ids, from {@code id2label}; empty if there is none. */
    public List<String> labels() {
        JsonNode map = json.get("id2label");
        List<String> labels = new ArrayList<>();
        if (map == null || !map.isObject()) return labels;
        for (int id = 0; id < map.size(); id++) {
            JsonNode label = map.get(Integer.toString(id));
            if (label == null) {
                throw new CheckpointException(
                        source + ": id2label has " + map.size() + " labels but none with the id " + id + ".");
            }
            if (!label.isValueNode()) throw wrong("id2label", "names by id", map);
            labels.add(label.asString());
        }
        return labels;
    }

    /** A copy with these labels ({@code id2label}, {@code label2id}). */
    public ModelConfig withLabels(List<String> labels) {
        ObjectNode copy = json.deepCopy();
        ObjectNode id2label = copy.putObject("id2label");
        ObjectNode label2id = copy.putObject("label2id");
        for (int id = 0; id < labels.size(); id++) {
            id2label.put(Integer.toString(id), labels.get(id));
            label2id.put(labels.get(id), id);
        }
        return new ModelConfig(copy, source, notes);
    }

    /** The same if it names labels; else a copy with {@code LABEL_0} … as the reference would name them. */
    public ModelConfig withDefaultLabels() {
        if (!labels().isEmpty()) return this;
        int count = integer("num_labels", 2);
        if (count < 0 || count > MAX_UNNAMED) {
            throw wrong("num_labels", "from 0 to " + MAX_UNNAMED, json.get("num_labels"));
        }
        return withLabels(
                IntStream.range(0, count).mapToObj(id -> "LABEL_" + id).toList());
    }

    /** How many scores a head for the labels gives: at least one, for regression may have no name for its number. */
    int labelCount() {
        return Math.max(labels().size(), 1);
    }

    /** A copy without labels and kind of problem: of a head that has none. */
    ModelConfig withoutLabels() {
        return without("id2label").without("label2id").without("num_labels").without("problem_type");
    }

    /**
     * The same if it names the token that batches are padded with; else a copy that names the end of a text, without which
     * transformers refuses to classify more than one.
     *
     * @param orElse the family's {@code eos_token_id}
     */
    ModelConfig withPadding(int orElse) {
        if (has("pad_token_id")) return this;
        JsonNode several = json.path("eos_token_id"); // Llama 3 has more than one
        int end = several.path(0).canConvertToInt() ? several.get(0).intValue() : integer("eos_token_id", orElse);
        return with("pad_token_id", end)
                .noting("config.json has no pad_token_id; " + end
                        + ", the end of a text, was put in, because transformers" + " asks for one.");
    }

    /** A copy that names the Hugging Face class of the model. */
    ModelConfig ofArchitecture(String name) {
        return with("architectures", List.of(name));
    }

    /** A copy with {@code key} set. */
    public ModelConfig with(String key, Object value) {
        ObjectNode copy = json.deepCopy();
        copy.set(key, JSON.valueToTree(value));
        return new ModelConfig(copy, source, notes);
    }

    /** A copy that does not have {@code key}. */
    ModelConfig without(String key) {
        ObjectNode copy = json.deepCopy();
        copy.remove(key);
        return new ModelConfig(copy, source, notes);
    }

    /** The JSON text, indented as Hugging Face does. */
    public String toJson() {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }

    private @org.jspecify.annotations.Nullable JsonNode present(String key) {
        JsonNode node = json.get(key);
        return node == null || node.isNull() ? null : node;
    }

    private CheckpointException wrong(String key, String expected, JsonNode found) {
        return new CheckpointException(source + ": \"" + key + "\" must be " + expected + ", but is " + found + ".");
    }
}
