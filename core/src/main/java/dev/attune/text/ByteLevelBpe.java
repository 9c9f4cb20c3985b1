package dev.attune.text;

import dev.attune.error.CheckpointException;
import dev.attune.io.SmallFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * GPT-2's tokenizer as a Hugging Face {@code tokenizer.json}, made from the two files that the original checkpoints carry: {@code
 * vocab.json}, an object from token to id, and {@code merges.txt}, a pair of tokens a line, the earlier line first. Tokens are
 * pieces of UTF-8 whose bytes are written as visible characters. Radford et al. 2019, section 2.2.
 */
final class ByteLevelBpe {
    /** Begins, ends and separates texts, and stands for nothing else. */
    static final String END = "<|endoftext|>";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ByteLevelBpe() {}

    /**
     * The text of {@code tokenizer.json}.
     *
     * @throws CheckpointException if a file is unreadable, or not GPT-2's
     */
    static String tokenizerJson(Path vocab, Path merges) {
        ObjectNode ids = vocabulary(vocab);
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        root.putArray("added_tokens")
                .addObject()
                .put("id", ids.get(END).intValue())
                .put("content", END)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", true)
                .put("special", true);
        root.putNull("normalizer");
        byteLevel(root.putObject("pre_tokenizer"), false, true);
        byteLevel(root.putObject("post_processor"), true, false);
        byteLevel(root.putObject("decoder"), true, true);
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE").putNull("dropout").putNull("unk_token");
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "").put("fuse_unk", false);
        model.set("vocab", ids);
        merges(model.putArray("merges"), merges);
        return JSON.writeValueAsString(root);
    }

    private static void byteLevel(ObjectNode part, boolean prefixSpace, boolean trimOffsets) {
        part.put("type", "ByteLevel")
                .put("add_prefix_space", prefixSpace)
                .put("trim_offsets", trimOffsets)
                .put("use_regex", true);
    }

    private static ObjectNode vocabulary(Path file) {
        JsonNode ids;
        try {
            ids = JSON.readTree(text(file));
        } catch (JacksonException e) {
            throw new CheckpointException(file + " is not valid JSON: " + e.getOriginalMessage() + ".", e);
        }
        if (ids instanceof ObjectNode object && object.path(END).canConvertToInt()) return object;
        throw new CheckpointException(
                file + " has no token " + END + ", so it is not the vocabulary of a GPT-2. In Python,"
                        + " AutoTokenizer.from_pretrained(model).save_pretrained(folder) writes tokenizer.json.");
    }

    private static void merges(ArrayNode pairs, Path file) {
        List<String> lines = text(file).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isEmpty() || i == 0 && line.startsWith("#version")) continue;
            int space = line.indexOf(' ');
            if (space < 1 || space == line.length() - 1 || line.indexOf(' ', space + 1) >= 0) {
                throw new CheckpointException(
                        file + " line " + (i + 1) + " is \"" + line + "\", expected two tokens with a space between.");
            }
            pairs.addArray().add(line.substring(0, space)).add(line.substring(space + 1));
        }
    }

    private static String text(Path file) {
        try {
            return SmallFile.text(file, TokenizerFiles.MAX_MEBIBYTES);
        } catch (IOException e) {
            throw new CheckpointException("Cannot read " + file + " as UTF-8: " + e, e);
        }
    }
}
