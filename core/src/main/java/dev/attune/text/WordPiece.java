package dev.attune.text;

import dev.attune.error.CheckpointException;
import dev.attune.io.SmallFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * BERT's tokenizer as a Hugging Face {@code tokenizer.json}, made from the {@code vocab.txt} that the original
 * checkpoints carry: one token a line, the line number (from 0) is the id. Devlin et al. 2018, <a
 * href="https://arxiv.org/abs/1810.04805">BERT</a>.
 */
public final class WordPiece {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private WordPiece() {}

    /**
     * The text of {@code tokenizer.json}.
     *
     * @param vocab {@code vocab.txt}
     * @param lowerCase whether the model is uncased: lower case, accents removed
     * @throws CheckpointException if the file is unreadable or lacks a token that BERT cannot do without
     */
    public static String tokenizerJson(Path vocab, boolean lowerCase) {
        return tokenizerJson(vocab, JSON.createObjectNode().put("do_lower_case", lowerCase));
    }

    /** As above with the switches of {@code tokenizer_config.json}; Hugging Face's defaults where it has none. */
    static String tokenizerJson(Path vocab, JsonNode config) {
        Map<String, Integer> ids = read(vocab);
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (String token : SPECIAL) {
            if (ids.containsKey(token)) {
                added.addObject()
                        .put("id", ids.get(token))
                        .put("content", token)
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", true);
            }
        }
        ObjectNode normalizer = root.putObject("normalizer");
        normalizer.put("type", "BertNormalizer").put("clean_text", true);
        normalizer.put(
                "handle_chinese_chars", config.path("tokenize_chinese_chars").asBoolean(true));
        normalizer.set("strip_accents", config.path("strip_accents").isBoolean() ? config.get("strip_accents") : null);
        normalizer.put("lowercase", config.path("do_lower_case").asBoolean(true));
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        postProcessor(root.putObject("post_processor"), ids);
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode model = root.putObject("model");
        model.put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        ObjectNode tokens = model.putObject("vocab");
        ids.forEach((token, id) -> tokens.put(token, (int) id));
        return JSON.writeValueAsString(root);
    }

    /** {@code [CLS] A [SEP]} and {@code [CLS] A [SEP] B [SEP]}, the second text with type 1. */
    private static void postProcessor(ObjectNode processor, Map<String, Integer> ids) {
        processor.put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        piece(single, "SpecialToken", "[CLS]", 0);
        piece(single, "Sequence", "A", 0);
        piece(single, "SpecialToken", "[SEP]", 0);
        ArrayNode pair = processor.putArray("pair");
        single.forEach(piece -> pair.add(piece.deepCopy()));
        piece(pair, "Sequence", "B", 1);
        piece(pair, "SpecialToken", "[SEP]", 1);
        ObjectNode special = processor.putObject("special_tokens");
        for (String token : List.of("[CLS]", "[SEP]")) {
            ObjectNode entry = special.putObject(token).put("id", token);
            entry.putArray("ids").add((int) ids.get(token));
            entry.putArray("tokens").add(token);
        }
    }

    private static void piece(ArrayNode template, String kind, String id, int typeId) {
        template.addObject().putObject(kind).put("id", id).put("type_id", typeId);
    }

    private static Map<String, Integer> read(Path vocab) {
        List<String> lines;
        try {
            lines = SmallFile.text(vocab, TokenizerFiles.MAX_MEBIBYTES).lines().toList();
        } catch (IOException e) {
            throw new CheckpointException("Cannot read " + vocab + " as a UTF-8 vocabulary: " + e, e);
        }
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            ids.put(lines.get(i), i);
        }
        for (String token : List.of("[UNK]", "[CLS]", "[SEP]")) {
            if (!ids.containsKey(token)) {
                throw new CheckpointException(vocab + " has no line " + token + " among its " + lines.size()
                        + " lines, so it is not the vocabulary of a BERT model.");
            }
        }
        return ids;
    }
}
