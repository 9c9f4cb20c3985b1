package dev.attune.text;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.io.Sha256;
import dev.attune.text.Truncation.Range;
import dev.attune.text.Truncation.Side;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Turns text into the token ids a model was trained with, and back. Safe for use by several threads; close it when
 * done.
 *
 * <pre>{@code
 * try (Tokenizer tokenizer = Tokenizer.load(folder)) {
 *     Encoding encoding = tokenizer.encode("A question", "and its document", 128);
 *     if (encoding.truncated()) { … }
 * }
 * }</pre>
 *
 * <p>No call pads, and no call cuts more than its {@code maxLength} asks for; {@link Encoding#truncated()} tells. Text
 * is {@linkplain CleanText#clean cleaned} first.
 */
public final class Tokenizer implements AutoCloseable {
    private static final double UNKNOWN_LENGTH = 1e9; // Hugging Face writes 1e30 where a model has no limit

    private final TokenizerFiles files;
    private final Vocabulary vocabulary;
    private final NativeTokenizer tokens;
    private final Side side;
    private final int modelMaxLength;
    /** Of texts that are written; null where they have the words of those that are read. */
    private final @Nullable Tokenizer targets;

    private Tokenizer(TokenizerFiles files, @Nullable Tokenizer targets) {
        this.files = files;
        this.targets = targets;
        this.vocabulary = new Vocabulary(files);
        files.forgetVocabulary();
        this.side = "left".equals(TokenizerFiles.string(files.config(), "truncation_side")) ? Side.LEFT : Side.RIGHT;
        JsonNode limit = files.config().path("model_max_length");
        boolean known = limit.isNumber() && limit.asDouble() > 0 && limit.asDouble() < UNKNOWN_LENGTH;
        this.modelMaxLength = known ? limit.asInt() : Integer.MAX_VALUE;
        this.tokens = new NativeTokenizer(files.json(), files.source());
    }

    /**
     * Loads the tokenizer of a model folder: {@code tokenizer.json}, BERT's {@code vocab.txt}, or GPT-2's {@code vocab.json} and {@code merges.txt}; beside it
     * {@code tokenizer_config.json} and {@code special_tokens_map.json} if there. A model that writes in other words than it reads
     * has a second tokenizer: {@code target_tokenizer.json} and its like.
     *
     * @throws dev.attune.error.CheckpointException if files are missing or malformed
     */
    public static Tokenizer load(Path dir) {
        TokenizerFiles files = TokenizerFiles.read(dir);
        TokenizerFiles second = TokenizerFiles.readTargets(dir);
        Tokenizer targets = second == null ? null : new Tokenizer(second, null);
        try {
            return new Tokenizer(files, targets);
        } catch (RuntimeException e) {
            if (targets != null) targets.close();
            throw e;
        }
    }

    /** That of texts that the model writes: this one, unless the model has two. It is closed with this one. */
    public Tokenizer ofTargets() {
        return targets == null ? this : targets;
    }

    /**
     * The tokenizer that a vocabulary of llama2.c makes, a file {@code tok*.bin}: texts get the ids that llama2.c gives them, but
     * a text that has the name of a special token in it, {@code <s>}, gets that token, and U+2581 is a blank.
     *
     * @param maxLength the most tokens that its model reads
     * @throws dev.attune.error.CheckpointException if the file is none, or not a whole one
     */
    public static Tokenizer ofLlama2c(Path file, int maxLength) {
        return new Tokenizer(TokenizerFiles.readLlama2c(file, maxLength), null);
    }

    /** Whether a folder has the files of a tokenizer that {@link #load} reads. */
    public static boolean isIn(Path dir) {
        return TokenizerFiles.areIn(dir);
    }

    /** How many tokens there are, added tokens included; {@code len(tokenizer)} in Python. */
    public int vocabularySize() {
        return vocabulary.size();
    }

    /** The largest id of a token; at least {@link #vocabularySize()} - 1, and more where ids have gaps. */
    public int highestTokenId() {
        return vocabulary.highestId();
    }

    public OptionalInt padTokenId() {
        return vocabulary.specialId("pad_token");
    }

    /** Names the token that Python is to pad with, where the files name none; nothing is padded here. */
    public void padWith(int id) {
        vocabulary.play("pad_token", id);
    }

    public OptionalInt clsTokenId() {
        return vocabulary.specialId("cls_token");
    }

    public OptionalInt sepTokenId() {
        return vocabulary.specialId("sep_token");
    }

    public OptionalInt maskTokenId() {
        return vocabulary.specialId("mask_token");
    }

    public OptionalInt unkTokenId() {
        return vocabulary.specialId("unk_token");
    }

    public OptionalInt bosTokenId() {
        return vocabulary.specialId("bos_token");
    }

    public OptionalInt eosTokenId() {
        return vocabulary.specialId("eos_token");
    }

    /** The id of a token as it stands in the vocabulary, {@code "##ing"} for example. */
    public OptionalInt tokenId(String token) {
        return vocabulary.id(token);
    }

    /** The longest input the model takes, special tokens included; {@link Integer#MAX_VALUE} if no file tells. */
    public int modelMaxLength() {
        return modelMaxLength;
    }

    /**
     * Encodes a text, or a pair of texts, with special tokens. What is longer than {@code maxLength} loses tokens from
     * its end as with {@code truncation="longest_first"} (from its start if {@code truncation_side} is {@code left}).
     *
     * @throws ConfigException if {@code maxLength} has no room beside the special tokens
     */
    public Encoding encode(String text, @Nullable String pair, int maxLength) {
        return encode(text, pair, maxLength, true);
    }

    /**
     * As {@link #encode}, for those who need no offsets: the same ids in three quarters of the time.
     *
     * @throws ConfigException if {@code maxLength} has no room beside the special tokens
     */
    public TokenIds encodeIds(String text, @Nullable String pair, int maxLength) {
        Encoding encoding = encode(text, pair, maxLength, false);
        return new TokenIds(encoding.ids(), encoding.typeIds(), encoding.untruncatedLength());
    }

    private Encoding encode(String text, @Nullable String pair, int maxLength, boolean offsets) {
        Encoding full = tokens.encode(CleanText.clean(text), pair == null ? null : CleanText.clean(pair), offsets);
        if (full.length() <= maxLength) {
            return full;
        }
        int first = Truncation.count(full, 0);
        int second = Truncation.count(full, 1);
        int[] kept = Truncation.longestFirst(first, second, room(full, maxLength));
        return Truncation.cut(full, Truncation.keep(first, kept[0], side), Truncation.keep(second, kept[1], side));
    }

    /**
     * Encodes many texts on all processors.
     *
     * @param pairs second texts, one for each text (null for a text without), or null if no text has one
     * @return one encoding for each text, in order
     */
    public List<Encoding> encodeAll(List<String> texts, @Nullable List<@Nullable String> pairs, int maxLength) {
        requireSameSize(texts, pairs);
        return Parallel.map(texts.size(), i -> encode(texts.get(i), pairs == null ? null : pairs.get(i), maxLength));
    }

    /** As {@link #encodeAll}, for those who need no offsets. */
    public List<TokenIds> encodeAllIds(List<String> texts, @Nullable List<@Nullable String> pairs, int maxLength) {
        requireSameSize(texts, pairs);
        return Parallel.map(texts.size(), i -> encodeIds(texts.get(i), pairs == null ? null : pairs.get(i), maxLength));
    }

    private static void requireSameSize(List<String> texts, @Nullable List<@Nullable String> pairs) {
        if (pairs != null && pairs.size() != texts.size()) {
            throw new IllegalArgumentException(texts.size() + " texts but " + pairs.size() + " second texts");
        }
    }

    /**
     * Encodes a pair whose second text is long as windows that each hold the whole first text and a part of the second:
     * {@code truncation="only_second", return_overflowing_tokens=True, stride=stride}.
     *
     * @param stride how many tokens of the second text neighbouring windows share
     * @return at least one window; offsets point into the whole texts
     * @throws DataException if the first text leaves no room for the second
     * @throws ConfigException if {@code stride} is not smaller than that room
     */
    public List<Encoding> encodeWindows(String first, String second, int maxLength, int stride) {
        return windowsOfPair(encode(first, second, Integer.MAX_VALUE), maxLength, stride);
    }

    /** As {@link #encodeWindows(String, String, int, int)} of a pair that was encoded whole. */
    public List<Encoding> windowsOfPair(Encoding full, int maxLength, int stride) {
        if (full.length() <= maxLength) return List.of(full);
        int firstLength = Truncation.count(full, 0);
        int room = room(full, maxLength) - firstLength;
        if (room <= 0) {
            throw new DataException(
                    "The first text has " + firstLength + " tokens and leaves no room for the second in " + maxLength
                            + " tokens. Shorten it, or raise the maximum length.");
        }
        if (stride < 0 || stride >= room) {
            throw new ConfigException("The stride is " + stride + ", but a window has room for " + room
                    + " tokens of the second text (maximum length " + maxLength + ", first text " + firstLength
                    + " tokens): it must be from 0 to " + (room - 1) + ".");
        }
        Range whole = new Range(0, firstLength);
        return Truncation.windows(Truncation.count(full, 1), room, stride, side).stream()
                .map(window -> Truncation.cut(full, whole, window))
                .toList();
    }

    /**
     * Encodes one text as windows that share tokens: {@code return_overflowing_tokens=True, stride=stride}.
     *
     * @return at least one window; offsets point into the whole text
     * @throws ConfigException if {@code stride} is not smaller than the room for tokens in a window
     */
    public List<Encoding> encodeWindows(String text, int maxLength, int stride) {
        return windows(encode(text, null, Integer.MAX_VALUE), maxLength, stride);
    }

    /**
     * Encodes a text that is split into words: {@code is_split_into_words=True}. {@link Encoding#wordIds} are these words, and
     * offsets those in the word. A word may have no token.
     *
     * @throws ConfigException if {@code maxLength} has no room beside the special tokens
     */
    public Encoding encodeWords(List<String> words, int maxLength) {
        Encoding full = words(words);
        if (full.length() <= maxLength) return full;
        return Truncation.cut(
                full, Truncation.keep(Truncation.count(full, 0), room(full, maxLength), side), new Range(0, 0));
    }

    /** As {@link #encodeWindows(String, int, int)} for a text that is split into words, as {@link #encodeWords} gives them. */
    public List<Encoding> encodeWordWindows(List<String> words, int maxLength, int stride) {
        return windows(words(words), maxLength, stride);
    }

    private Encoding words(List<String> words) {
        return tokens.encodeWords(words.stream().map(CleanText::clean).toArray(String[]::new));
    }

    private List<Encoding> windows(Encoding full, int maxLength, int stride) {
        if (full.length() <= maxLength) return List.of(full);
        int room = room(full, maxLength);
        if (stride < 0 || stride >= room) {
            throw new ConfigException("The stride is " + stride + ", but a window has room for " + room
                    + " tokens (maximum length " + maxLength + "): it must be from 0 to " + (room - 1) + ".");
        }
        return Truncation.windows(Truncation.count(full, 0), room, stride, side).stream()
                .map(window -> Truncation.cut(full, window, new Range(0, 0)))
                .toList();
    }

    /** The token of an id as it stands in the vocabulary; the empty text if there is none. */
    public String token(int id) {
        return vocabulary.token(id);
    }

    /** What marks a token that continues a word, {@code ##} in BERT; empty if the tokenizer has no such mark. */
    public String subwordPrefix() {
        return vocabulary.subwordPrefix();
    }

    /** Tokens as a text, as BERT's tokenizer joins them: {@code convert_tokens_to_string}. */
    public String join(List<String> tokens) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            String prefix = subwordPrefix();
            if (i > 0)
                token = !prefix.isEmpty() && token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
            text.append(cleanUp(token));
        }
        return text.toString();
    }

    private static String cleanUp(String token) {
        return token.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" do not", " don't")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }

    private static int room(Encoding full, int maxLength) {
        int special = Truncation.count(full, -1);
        if (maxLength <= special) {
            throw new ConfigException("The maximum length is " + maxLength
                    + " tokens, but the special tokens alone are " + special + ". Use at least " + (special + 1) + ".");
        }
        return maxLength - special;
    }

    /**
     * Text for ids. With {@code skipSpecialTokens} the likes of {@code [CLS]} are left out; unknown ids are ignored.
     */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return tokens.decode(ids, skipSpecialTokens);
    }

    /**
     * SHA-256, in hexadecimal, of all that decides the ids a text gets: two tokenizers with one fingerprint give the same
     * ids, whatever folder they came from. Also of the version of the library, as far as it tells one.
     */
    public String fingerprint() {
        MessageDigest digest = Sha256.digest();
        String head = side + "\n" + NativeTokenizer.libraryVersion() + "\n";
        digest.update(head.getBytes(StandardCharsets.UTF_8));
        digest.update(files.json().getBytes(StandardCharsets.UTF_8));
        if (targets != null) digest.update(targets.fingerprint().getBytes(StandardCharsets.UTF_8));
        return Sha256.hex(digest);
    }

    /**
     * Writes {@code tokenizer.json} and {@code tokenizer_config.json} (and {@code special_tokens_map.json} if it was
     * loaded), so that Python's {@code AutoTokenizer.from_pretrained(dir)} gives the same ids.
     *
     * Each file is there completely or not at all.
     *
     * @throws CheckpointException if one cannot be written
     */
    public void save(Path dir) {
        files.write(dir, vocabulary, "");
        if (targets != null) targets.files.write(dir, targets.vocabulary, TokenizerFiles.OF_TARGETS);
    }

    /** Frees the native tokenizer; encoding afterwards throws {@link IllegalStateException}. */
    @Override
    public void close() {
        tokens.close();
        if (targets != null) targets.close();
    }
}
