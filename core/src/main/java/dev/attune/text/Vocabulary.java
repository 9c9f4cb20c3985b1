package dev.attune.text;

import dev.attune.error.CheckpointException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Token to id, and which tokens are special: the part of a tokenizer that the native library does not tell. */
final class Vocabulary {
    private static final List<String> KEYS =
            List.of("unk_token", "sep_token", "pad_token", "cls_token", "mask_token", "bos_token", "eos_token");

    /** Ten times what the largest vocabularies have; a list of tokens by id is as long as the highest id. */
    private static final int MAX_IDS = 1 << 22;

    private final Map<String, Integer> ids = new HashMap<>();
    private final String subwordPrefix;
    private final Map<String, String> special = new LinkedHashMap<>();
    private volatile @Nullable String @Nullable [] tokens; // by id; made when somebody asks, which few tasks do

    Vocabulary(TokenizerFiles files) {
        try {
            JsonNode model = files.tree().path("model");
            readModel(model);
            String prefix = TokenizerFiles.string(model, "continuing_subword_prefix");
            subwordPrefix = prefix == null ? "" : prefix;
            for (JsonNode added : files.tree().path("added_tokens")) {
                ids.put(added.path("content").stringValue(), added.path("id").intValue());
            }
            for (String key : KEYS) {
                String token = token(files.config().path(key));
                if (token == null) {
                    token = token(files.specialTokensMap().path(key));
                }
                if (token == null) {
                    token = inTokenizerJson(files.tree(), key);
                }
                if (token != null && ids.containsKey(token)) {
                    special.put(key, token);
                }
            }
        } catch (JacksonException e) {
            throw new CheckpointException(
                    "The vocabulary in " + files.source() + " is malformed: " + e.getOriginalMessage(), e);
        }
        if (ids.isEmpty()) {
            throw new CheckpointException("The vocabulary in " + files.source() + " is empty.");
        }
        ids.forEach((token, id) -> {
            if (id >= 0 && id < MAX_IDS) return;
            throw new CheckpointException("The vocabulary in " + files.source() + " gives the token \"" + token
                    + "\" the id " + id + ", but ids are from 0 to " + (MAX_IDS - 1) + ". Fetch the tokenizer again.");
        });
    }

    /** WordPiece, BPE and WordLevel map token to id; Unigram lists [token, score] pairs in the order of ids. */
    private void readModel(JsonNode model) {
        JsonNode vocab = model.path("vocab");
        if (vocab.isArray()) {
            for (int id = 0; id < vocab.size(); id++) {
                ids.put(vocab.get(id).path(0).stringValue(), id);
            }
        } else {
            vocab.properties()
                    .forEach(entry -> ids.put(entry.getKey(), entry.getValue().intValue()));
        }
    }

    /** A special token is written as a string or as an object with {@code content}. */
    private static @Nullable String token(JsonNode value) {
        return value.isObject()
                ? TokenizerFiles.string(value, "content")
                : value.isString() ? value.stringValue() : null;
    }

    private @Nullable String inTokenizerJson(JsonNode tree, String key) {
        JsonNode model = tree.path("model");
        return switch (key) {
            case "unk_token" -> {
                String named = TokenizerFiles.string(model, "unk_token");
                String unigram = token(
                        model.path("vocab").path(model.path("unk_id").asInt(-1)).path(0));
                yield named != null ? named : unigram != null ? unigram : known("[UNK]", "<unk>");
            }
            case "pad_token" -> {
                String named = TokenizerFiles.string(tree.path("padding"), "pad_token");
                yield named != null ? named : known("[PAD]", "<pad>");
            }
            case "cls_token" -> {
                String named = token(tree.path("post_processor").path("cls").path(0));
                yield named != null ? named : known("[CLS]");
            }
            case "sep_token" -> {
                String named = token(tree.path("post_processor").path("sep").path(0));
                yield named != null ? named : known("[SEP]");
            }
            case "mask_token" -> known("[MASK]", "<mask>");
            default ->
                null; // <s> and </s> mean different things to different families: only a file that says so counts
        };
    }

    private @Nullable String known(String... candidates) {
        for (String candidate : candidates) {
            if (ids.containsKey(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    int size() {
        return ids.size();
    }

    int highestId() {
        return Collections.max(ids.values());
    }

    OptionalInt id(@Nullable String token) {
        Integer id = token == null ? null : ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    String token(int id) {
        @Nullable String[] found = tokens;
        if (found == null) {
            @Nullable String[] made = new String[highestId() + 1];
            ids.forEach((token, place) -> made[place] = token);
            tokens = found = made;
        }
        String token = id < 0 || id >= found.length ? null : found[id];
        return token == null ? "" : token;
    }

    String subwordPrefix() {
        return subwordPrefix;
    }

    /** Id of the token that plays the part {@code key}, such as {@code pad_token}. */
    OptionalInt specialId(String key) {
        return id(special.get(key));
    }

    /** Gives the part {@code key} to a token, if nobody plays it. */
    void play(String key, int id) {
        if (special.containsKey(key)) return; // as in most: then nobody needs the tokens by id
        String token = token(id);
        if (!token.isEmpty()) special.put(key, token);
    }

    /** Hugging Face's key to the token, for those that the vocabulary has. */
    Map<String, String> specialTokens() {
        return Collections.unmodifiableMap(special);
    }
}
