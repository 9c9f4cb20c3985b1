package dev.attune.text;

import dev.attune.error.CheckpointException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Refuses what the native library does not survive. It is written in Rust, and where Rust gives up within a call from Java
 * the whole process ends. So the parts of a {@code tokenizer.json} are those that are listed here, and what such a part
 * takes for granted is looked at before the library sees it.
 *
 * <p>Source: the places that panic in https://github.com/huggingface/tokenizers, version 0.21.4.
 */
final class TokenizerCheck {
    private static final Map<String, Set<String>> PARTS = Map.of(
            "normalizer",
            Set.of(
                    "Sequence",
                    "BertNormalizer",
                    "NFC",
                    "NFD",
                    "NFKC",
                    "NFKD",
                    "Lowercase",
                    "StripAccents",
                    "Strip",
                    "Nmt",
                    "Precompiled",
                    "Replace",
                    "Prepend",
                    "ByteLevel"),
            "pre_tokenizer",
            Set.of(
                    "Sequence",
                    "BertPreTokenizer",
                    "Whitespace",
                    "WhitespaceSplit",
                    "Metaspace",
                    "ByteLevel",
                    "Digits",
                    "Punctuation",
                    "CharDelimiterSplit",
                    "UnicodeScripts",
                    "Split"),
            "post_processor",
            Set.of("Sequence", "BertProcessing", "RobertaProcessing", "ByteLevel", "TemplateProcessing"),
            "decoder",
            Set.of(
                    "Sequence",
                    "WordPiece",
                    "Metaspace",
                    "ByteLevel",
                    "BPEDecoder",
                    "CTC",
                    "Replace",
                    "Fuse",
                    "Strip",
                    "ByteFallback"));

    /** In the order in which a text goes through them. */
    private static final List<String> PLACES = List.of("normalizer", "pre_tokenizer", "post_processor", "decoder");

    /** Under which a Sequence has its parts. */
    private static final List<String> SEQUENCES = List.of("normalizers", "pretokenizers", "processors", "decoders");

    /** A repeated group that repeats or chooses within, or a reference to a group: a few characters can take for ever. */
    private static final Pattern ENDLESS = Pattern.compile(
            "\\((?:[^()\\\\]|\\\\.)*[*+|{](?:[^()\\\\]|\\\\.)*\\)\\s*[*+{]|\\)\\)\\s*[*+{]|\\\\[1-9gk]|\\(\\?[~{*]");

    /** What looks at characters without taking them. */
    private static final Pattern AROUND = Pattern.compile("\\(\\?<?[=!]|(?<![\\[\\\\])\\^|(?<!\\\\)\\$|\\\\[bBAzZGK]");

    /** Normalizers that leave something of every text that is not empty. */
    private static final Set<String> KEEPING =
            Set.of("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Prepend", "ByteLevel");

    /** Characters of a part that a message shows. */
    private static final int SHOWN = 60;

    private static final int LONGEST_REGEX = 2_000;
    private static final int MAX_PARTS = 40;

    /**
     * By how much replacements after one another may lengthen a text, and rewritings of bytes as characters. What real
     * tokenizers put in has few characters.
     */
    private static final int MAX_GROWTH = 10_000;

    private final ObjectNode tree;
    private final String source;
    private int parts;
    private int templates;
    /** Whether a normalizer may take characters away. */
    private boolean takesAway;

    private long growth = 1;

    private TokenizerCheck(ObjectNode tree, String source) {
        this.tree = tree;
        this.source = source;
    }

    /** @throws CheckpointException naming the part and what is wrong with it */
    static void require(ObjectNode tree, String source) {
        TokenizerCheck check = new TokenizerCheck(tree, source);
        for (String place : PLACES) {
            check.values(place, tree.path(place));
            check.part(place, tree.path(place));
        }
        check.addedTokens();
        check.merges(tree.path("model"));
    }

    /** What the library's reader of JSON takes for a mistake, and Java's only in names: for the reader of decoders that is the end. */
    private void values(String place, JsonNode node) {
        if (node.isString() && node.stringValue().codePoints().anyMatch(TokenizerCheck::isHalf)) {
            throw fault(
                    place, "has a text with half of a character, \"" + Excerpt.of(node.stringValue(), SHOWN) + "\"");
        }
        if (node.isNumber() && !Double.isFinite(node.doubleValue()))
            throw fault(place, "has a number beyond all limits");
        node.forEach(inner -> values(place, inner));
    }

    private static boolean isHalf(int codePoint) {
        return Character.MIN_SURROGATE <= codePoint && codePoint <= Character.MAX_SURROGATE;
    }

    private void part(String place, JsonNode part) {
        if (part.isMissingNode() || part.isNull()) return;
        String type = TokenizerFiles.string(part, "type");
        if (type == null || !PARTS.getOrDefault(place, Set.of()).contains(type)) {
            throw fault(
                    place,
                    "is " + (type == null ? "of no type" : "of the type \"" + type + "\"") + ", but one of "
                            + String.join(
                                    ", ", PARTS.get(place).stream().sorted().toList()) + " was expected");
        }
        if (place.equals("normalizer") && !type.equals("Sequence")) takesAway |= !KEEPING.contains(type);
        if (++parts > MAX_PARTS) throw fault(place, "has more than " + MAX_PARTS + " parts with those before it");
        switch (type) {
            case "Sequence" -> SEQUENCES.forEach(key -> part.path(key).forEach(inner -> part(place, inner)));
            case "Precompiled" -> charsmap(place, part);
            case "Replace", "Split" -> pattern(place, part);
            case "ByteLevel" -> grow(place, 2);
            case "Strip" -> {
                JsonNode stop = part.path("stop");
                if (place.equals("decoder") && !(stop.isInt() && stop.intValue() == 0)) {
                    throw fault(place, "is a Strip that takes characters off the end of a token, which may be shorter");
                }
            }
            case "Prepend" -> {
                if ("".equals(TokenizerFiles.string(part, "prepend"))) throw fault(place, "is a Prepend of nothing");
            }
            case "TemplateProcessing" -> template(place, part);
            default -> {}
        }
    }

    private void charsmap(String place, JsonNode part) {
        String text = TokenizerFiles.string(part, "precompiled_charsmap");
        String wrong = text == null ? "there is none" : Charsmap.mistake(text);
        if (wrong != null) throw fault(place, "has a precompiled_charsmap that is damaged: " + wrong);
    }

    private void pattern(String place, JsonNode part) {
        String regex = TokenizerFiles.string(part.path("pattern"), "Regex");
        if (regex != null
                && (regex.length() > LONGEST_REGEX || ENDLESS.matcher(regex).find())) {
            throw fault(
                    place,
                    "has the pattern \"" + Excerpt.of(regex, SHOWN)
                            + "\", in which a repetition is repeated; a short text could take for ever");
        }
        String content = TokenizerFiles.string(part, "content");
        if (content != null) grow(place, content.length());
        if (!place.equals("normalizer")) return;
        String literal = TokenizerFiles.string(part.path("pattern"), "String");
        if ("".equals(literal) || regex != null && mayBeEmpty(regex)) {
            throw fault(place, "is a Replace whose pattern also fits between two characters");
        }
        if ("".equals(content) && !normalizedTokens().isEmpty()) {
            throw fault(place, "is a Replace by nothing, which could leave nothing of an added token");
        }
    }

    private void grow(String place, int times) {
        growth *= Math.max(1, times);
        if (growth > MAX_GROWTH) throw fault(place, "makes a text more than " + MAX_GROWTH + " times as long");
    }

    private static boolean mayBeEmpty(String regex) {
        try {
            return AROUND.matcher(regex).find()
                    || Pattern.compile(regex).matcher("").find();
        } catch (PatternSyntaxException e) {
            return true; // other rules than Java's: who knows
        }
    }

    /** A single text has no second one, and the tokens of the template have to be described. */
    private void template(String place, JsonNode part) {
        if (++templates > 1) throw fault(place, "has two TemplateProcessing, of which one cannot follow the other");
        JsonNode special = part.path("special_tokens");
        for (String key : List.of("single", "pair")) {
            for (JsonNode piece : part.path(key)) {
                if (key.equals("single") && "B".equals(TokenizerFiles.string(piece.path("Sequence"), "id"))) {
                    throw fault(place, "has a second text, B, in the template of a single one");
                }
                if (!piece.has("SpecialToken")) continue;
                String id = TokenizerFiles.string(piece.path("SpecialToken"), "id");
                JsonNode token = special.path(id == null ? "" : id);
                if (!token.isObject()
                        || token.path("ids").size() != token.path("tokens").size()) {
                    throw fault(
                            place,
                            "has the token \"" + id + "\" in its template, but special_tokens does not have it"
                                    + " with as many ids as tokens");
                }
            }
        }
    }

    private List<JsonNode> normalizedTokens() {
        return tree.path("added_tokens")
                .valueStream()
                .filter(token -> token.path("normalized").asBoolean(false))
                .toList();
    }

    /** What a normalizer may take away completely would be found between any two bytes of a text. */
    private void addedTokens() {
        for (JsonNode token : tree.path("added_tokens")) {
            String content = TokenizerFiles.string(token, "content");
            if (content == null) continue;
            if (token.path("lstrip").asBoolean(false) && content.isBlank()) {
                throw fault("added_tokens", "has a token of blanks with lstrip");
            }
            if (takesAway
                    && token.path("normalized").asBoolean(false)
                    && content.chars().noneMatch(c -> c > ' ' && c < 127)) {
                throw fault(
                        "added_tokens",
                        "has the token \"" + Excerpt.of(content, SHOWN)
                                + "\", normalized, of which a normalizer may leave nothing");
            }
        }
    }

    /** The second half of a merge begins with the prefix, which is cut off. */
    private void merges(JsonNode model) {
        String prefix = TokenizerFiles.string(model, "continuing_subword_prefix");
        if (prefix == null || prefix.isEmpty()) return;
        for (JsonNode merge : model.path("merges")) {
            JsonNode half = merge.isArray() ? merge.path(1) : merge;
            String text = half.isString() ? half.stringValue() : "";
            String second = merge.isArray() ? text : text.substring(text.indexOf(' ') + 1);
            if (second.startsWith(prefix)) continue;
            throw fault(
                    "model",
                    "has the merge \"" + Excerpt.of(merge.toString(), SHOWN) + "\", whose second half does not begin"
                            + " with the prefix \"" + Excerpt.of(prefix, SHOWN) + "\"");
        }
    }

    private CheckpointException fault(String place, String detail) {
        return new CheckpointException(source + ": its " + place + " " + detail
                + ". Save it again with tokenizer.save_pretrained(folder), or take another tokenizer.");
    }
}
