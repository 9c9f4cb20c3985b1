package dev.attune.text;

import dev.attune.error.CheckpointException;
import dev.attune.io.AtomicFiles;
import dev.attune.io.SmallFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of a tokenizer in memory: {@code tokenizer.json} without its truncation and padding, and the two small
 * files beside it where there are any.
 *
 * @param json text of {@code tokenizer.json}
 * @param tree the same, parsed
 * @param config {@code tokenizer_config.json}, or an empty object
 * @param specialTokensMap {@code special_tokens_map.json}, or an empty object
 * @param source where it came from, for error messages
 */
record TokenizerFiles(String json, ObjectNode tree, ObjectNode config, ObjectNode specialTokensMap, String source) {
    /** Begins the names of the files of {@link #readTargets}. */
    static final String OF_TARGETS = "target_";

    static final String TOKENIZER = "tokenizer.json";
    static final String VOCAB = "vocab.txt";
    static final String BPE_VOCAB = "vocab.json";
    static final String BPE_MERGES = "merges.txt";
    static final String CONFIG = "tokenizer_config.json";
    static final String SPECIAL_TOKENS = "special_tokens_map.json";

    /** Ten times what the largest vocabularies have. */
    static final int MAX_MEBIBYTES = 400;

    /** A template of a post-processor is the deepest part. */
    private static final int MAX_DEPTH = 32;

    /** Strict, since the native library takes another of two values than Java does, and ends the process at depth 128. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static TokenizerFiles read(Path dir) {
        if (!Files.isDirectory(dir)) {
            throw new CheckpointException("There is no folder " + dir + " to load a tokenizer from.");
        }
        ObjectNode config = object(dir.resolve(CONFIG));
        ObjectNode specialTokensMap = object(dir.resolve(SPECIAL_TOKENS));
        Path file = dir.resolve(TOKENIZER);
        if (Files.exists(file)) {
            return of(text(file), config, specialTokensMap, file.toString());
        }
        Path vocab = dir.resolve(VOCAB);
        if (Files.exists(vocab)) {
            return of(WordPiece.tokenizerJson(vocab, config), config, specialTokensMap, vocab.toString());
        }
        Path bpe = dir.resolve(BPE_VOCAB);
        if (Files.exists(bpe) && Files.exists(dir.resolve(BPE_MERGES))) {
            if (!config.has("tokenizer_class")) config.put("tokenizer_class", "GPT2Tokenizer");
            for (String key : List.of("bos_token", "eos_token", "unk_token")) {
                if (!config.has(key) && !specialTokensMap.has(key)) config.put(key, ByteLevelBpe.END);
            }
            String json = ByteLevelBpe.tokenizerJson(bpe, dir.resolve(BPE_MERGES));
            return of(json, config, specialTokensMap, bpe.toString());
        }
        throw new CheckpointException("No tokenizer in " + dir + ": there is neither " + TOKENIZER + ", nor a BERT "
                + VOCAB + ", nor GPT-2's " + BPE_VOCAB + " and " + BPE_MERGES
                + ". In Python, AutoTokenizer.from_pretrained(model).save_pretrained(folder) writes "
                + TOKENIZER + ".");
    }

    /** Those of texts that the model writes, where they have a tokenizer of their own; null if they have not. */
    static @Nullable TokenizerFiles readTargets(Path dir) {
        Path file = dir.resolve(OF_TARGETS + TOKENIZER);
        if (!Files.exists(file)) return null;
        ObjectNode config = object(dir.resolve(OF_TARGETS + CONFIG));
        return of(text(file), config, object(dir.resolve(OF_TARGETS + SPECIAL_TOKENS)), file.toString());
    }

    /** Whether {@link #read} finds a tokenizer in a folder. */
    static boolean areIn(Path dir) {
        return Files.exists(dir.resolve(TOKENIZER))
                || Files.exists(dir.resolve(VOCAB))
                || Files.exists(dir.resolve(BPE_VOCAB)) && Files.exists(dir.resolve(BPE_MERGES));
    }

    /** Of a vocabulary of llama2.c, a file. */
    static TokenizerFiles readLlama2c(Path file, int maxLength) {
        String json = SentencePieceBpe.tokenizerJson(Llama2cVocabulary.read(file));
        return of(json, SentencePieceBpe.config(maxLength), JSON.createObjectNode(), file.toString());
    }

    private static TokenizerFiles of(String json, ObjectNode config, ObjectNode specialTokensMap, String source) {
        ObjectNode tree = parse(json, source);
        if (!tree.path("model").isObject()) {
            throw new CheckpointException(
                    source + " has no \"model\" section, so it is not a Hugging Face tokenizer.json.");
        }
        TokenizerCheck.require(tree, source);
        String own = json;
        if (tree.path("truncation").isObject() || tree.path("padding").isObject()) {
            // The pad id may be written nowhere else, so the parsed tree keeps the section.
            ObjectNode stripped = tree.deepCopy();
            stripped.putNull("truncation");
            stripped.putNull("padding");
            own = JSON.writeValueAsString(stripped);
        }
        return new TokenizerFiles(own, tree, config, specialTokensMap, source);
    }

    private static ObjectNode object(Path file) {
        return Files.exists(file) ? parse(text(file), file.toString()) : JSON.createObjectNode();
    }

    private static ObjectNode parse(String json, String source) {
        try {
            JsonNode node = JSON.readTree(json);
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new CheckpointException(source + " is not valid JSON: " + e.getOriginalMessage() + where(e) + ".", e);
        }
        throw new CheckpointException(source + " is not a JSON object.");
    }

    private static String where(JacksonException e) {
        return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
    }

    private static String text(Path file) {
        try {
            // Through bytes: a broken sequence in a stray file must not end in a MalformedInputException.
            return new String(SmallFile.bytes(file, MAX_MEBIBYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CheckpointException("Cannot read " + file + ": " + e, e);
        }
    }

    /** Frees the large parts of the tree once they are read; the text of the file still has them. */
    void forgetVocabulary() {
        ((ObjectNode) tree.get("model")).remove(List.of("vocab", "merges"));
    }

    /**
     * Writes the tokenizer so that this class and Python's {@code AutoTokenizer} read it back with the same ids.
     *
     * @param prefix of the names of its files
     */
    void write(Path dir, Vocabulary vocabulary, String prefix) {
        ObjectNode saved = config.deepCopy();
        if (isBertWordPiece()) {
            ObjectNode defaults = JSON.createObjectNode();
            JsonNode normalizer = tree.path("normalizer");
            defaults.put("tokenizer_class", "BertTokenizer");
            defaults.put("do_lower_case", normalizer.path("lowercase").asBoolean(true));
            defaults.set("strip_accents", normalizer.path("strip_accents").deepCopy());
            defaults.put(
                    "tokenize_chinese_chars",
                    normalizer.path("handle_chinese_chars").asBoolean(true));
            defaults.properties().forEach(entry -> saved.set(entry.getKey(), entry.getValue()));
        } else if (!saved.has("tokenizer_class")) {
            saved.put("tokenizer_class", "PreTrainedTokenizerFast");
        }
        vocabulary.specialTokens().forEach((key, token) -> {
            if (!saved.has(key)) {
                saved.put(key, token);
            }
        });
        AtomicFiles.writeString(dir.resolve(prefix + TOKENIZER), json);
        AtomicFiles.writeString(dir.resolve(prefix + CONFIG), pretty(saved));
        if (!specialTokensMap.isEmpty()) {
            AtomicFiles.writeString(dir.resolve(prefix + SPECIAL_TOKENS), pretty(specialTokensMap));
        }
    }

    private static String pretty(ObjectNode object) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(object) + "\n";
    }

    /** WordPiece behind BERT's own normalizer; old files do not name the type of their model. */
    private boolean isBertWordPiece() {
        JsonNode model = tree.path("model");
        boolean wordPiece = "WordPiece".equals(string(model, "type"))
                || (!model.has("type")
                        && model.has("continuing_subword_prefix")
                        && model.has("max_input_chars_per_word"));
        return wordPiece && "BertNormalizer".equals(string(tree.path("normalizer"), "type"));
    }

    static @Nullable String string(JsonNode node, String key) {
        JsonNode value = node.path(key);
        return value.isString() ? value.stringValue() : null;
    }
}
