package dev.attune.generate;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentPlace;
import dev.attune.config.ArgumentValues;
import dev.attune.config.ContradictionException;
import dev.attune.config.Mistakes;
import dev.attune.error.CheckpointException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code generation_config.json}, or the keys of the same names that an older {@code config.json} has. Values are checked as those
 * of a recipe are; keys that are not known are kept.
 */
record GenerationFile(String source, ObjectNode json) {
    /** Numbers keep their digits: what is not understood must come out as it went in. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Where a config.json of a model of several parts has what belongs to its decoder. */
    private static final List<String> DECODERS = List.of("decoder", "generator", "text_config");

    /** @param source for messages */
    static GenerationFile parse(byte[] text, String source) {
        try {
            if (JSON.readTree(text) instanceof ObjectNode object) return new GenerationFile(source, object);
            throw new CheckpointException(source + " is not a JSON object.");
        } catch (JacksonException e) {
            throw new CheckpointException(source + " is not valid JSON: " + e.getOriginalMessage() + ".", e);
        } catch (NumberFormatException e) { // of 1e-4294967297
            throw new CheckpointException(
                    source + " has a number that no number type holds: " + e.getMessage() + ".", e);
        }
    }

    static GenerationFile empty() {
        return new GenerationFile("generation_config.json", JSON.createObjectNode());
    }

    /** The name of a key in a file; as one of ours {@code max_length} is the limit of what a model reads. */
    private static String name(ArgumentKey key) {
        return key.name().equals("generation_max_length") ? "max_length" : key.name();
    }

    /** What these tokens look like in a file. */
    static GenerationFile of(SpecialTokens tokens) {
        GenerationFile file = empty();
        tokens.bos().ifPresent(id -> file.json.put("bos_token_id", id));
        tokens.decoderStart().ifPresent(id -> file.json.put("decoder_start_token_id", id));
        if (tokens.eos().size() == 1) file.json.put("eos_token_id", tokens.eos().get(0));
        else if (!tokens.eos().isEmpty()) file.json.set("eos_token_id", JSON.valueToTree(tokens.eos()));
        tokens.pad().ifPresent(id -> file.json.put("pad_token_id", id));
        return file;
    }

    /** Of a config.json what has to do with generation, as the reference makes a generation_config.json of it. */
    GenerationFile onlyGeneration() {
        ObjectNode some = JSON.createObjectNode();
        List<String> keys = new ArrayList<>(GenerationArguments.SCHEMA.keys().stream()
                .map(GenerationFile::name)
                .toList());
        keys.addAll(List.of("bad_words_ids", "sequence_bias", "bos_token_id", "decoder_start_token_id"));
        keys.addAll(List.of("eos_token_id", "pad_token_id"));
        for (String key : keys) {
            JsonNode value = json.get(key);
            for (String part : DECODERS) {
                if (value == null || value.isNull()) value = json.path(part).get(key);
            }
            if (value != null && !value.isNull()) some.set(key, value);
        }
        return new GenerationFile(source, some);
    }

    /** @throws CheckpointException if a value is none of its key, with all such */
    GenerationArguments arguments() {
        ArgumentPlace place = new ArgumentPlace(source, 0);
        Mistakes mistakes = new Mistakes();
        ArgumentValues values = new ArgumentValues(GenerationArguments.SCHEMA);
        for (ArgumentKey key : GenerationArguments.SCHEMA.keys()) {
            JsonNode value = json.get(name(key));
            if (value == null || value.isNull()) continue;
            Object text = text(key, value);
            if (text != null) values.put(key.name(), text, place);
            else mistakes.add(place, name(key) + " is " + shown(value) + ", but must be " + key.kind() + ".");
        }
        Map<String, @Nullable Object> converted = values.convert(mistakes);
        GenerationArguments read = GenerationArguments.NONE;
        if (mistakes.isEmpty()) {
            try {
                read = GenerationArguments.SCHEMA.create(GenerationArguments.class, converted);
            } catch (ContradictionException e) {
                mistakes.addAll(e, key -> place);
            }
        }
        List<String> sentences = new ArrayList<>();
        mistakes.into((where, sentence) -> sentences.add(sentence));
        if (sentences.isEmpty()) return read;
        throw new CheckpointException(source + ": " + String.join(" ", sentences));
    }

    /** A text, or a list of texts, as a recipe would have it; null if it can be neither. */
    private static @Nullable Object text(ArgumentKey key, JsonNode value) {
        if (value.isValueNode()) return key.isList() ? List.of(value.asString()) : value.asString();
        if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isValueNode)) return null;
        return value.valueStream().map(JsonNode::asString).toList();
    }

    /** A token below 0 stands for none, as in old files. */
    SpecialTokens tokens() {
        return new SpecialTokens(token("bos_token_id"), eos(), token("pad_token_id"), token("decoder_start_token_id"));
    }

    private OptionalInt token(String key) {
        JsonNode value = json.get(key);
        if (value == null || value.isNull()) return OptionalInt.empty();
        int id = token(key, value);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    private List<Integer> eos() {
        JsonNode value = json.get("eos_token_id");
        if (value == null || value.isNull()) return List.of();
        List<Integer> ids = new ArrayList<>();
        if (value.isArray()) value.forEach(id -> ids.add(token("eos_token_id", id)));
        else ids.add(token("eos_token_id", value));
        ids.removeIf(id -> id < 0);
        return ids;
    }

    private int token(String key, JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToInt()) return value.intValue();
        throw wrong(key, "the number of a token", value);
    }

    /** {@code bad_words_ids}: lists of tokens. */
    List<List<Integer>> badWords() {
        JsonNode words = json.path("bad_words_ids");
        List<List<Integer>> read = new ArrayList<>();
        if (words.isMissingNode() || words.isNull()) return read;
        if (!words.isArray()) throw wrong("bad_words_ids", "a list of lists of tokens", words);
        for (JsonNode word : words) read.add(sequence("bad_words_ids", word, words));
        return read;
    }

    /** {@code sequence_bias}: pairs of a list of tokens and a number; of the same tokens the last. */
    Map<List<Integer>, Float> sequenceBias() {
        JsonNode pairs = json.path("sequence_bias");
        Map<List<Integer>, Float> biases = new LinkedHashMap<>();
        if (pairs.isMissingNode() || pairs.isNull()) return biases;
        String expected = "pairs of a list of tokens and a number";
        if (!pairs.isArray()) throw wrong("sequence_bias", expected, pairs);
        for (JsonNode pair : pairs) {
            if (pair.size() != 2 || !pair.path(1).isNumber()) throw wrong("sequence_bias", expected, pairs);
            biases.put(
                    sequence("sequence_bias", pair.path(0), pairs),
                    pair.path(1).decimalValue().floatValue());
        }
        return biases;
    }

    private List<Integer> sequence(String key, JsonNode ids, JsonNode whole) {
        List<Integer> sequence = new ArrayList<>();
        if (ids.isArray()) ids.forEach(id -> sequence.add(token(key, id)));
        if (sequence.isEmpty() || sequence.stream().anyMatch(id -> id < 0)) {
            throw wrong(key, "lists of tokens, none of them empty", whole);
        }
        return sequence;
    }

    private CheckpointException wrong(String key, String expected, JsonNode found) {
        return new CheckpointException(source + ": " + key + " is " + shown(found) + ", but must be " + expected + ".");
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }
}
