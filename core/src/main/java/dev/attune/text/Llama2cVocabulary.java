package dev.attune.text;

import dev.attune.error.CheckpointException;
import dev.attune.io.SmallFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A vocabulary of llama2.c: the length of the longest token, then of each token a score, a length and bytes in UTF-8 with a blank
 * where a word begins. The first three stand for an unknown token, the beginning and the end of a text; the next 256 are the
 * bytes. Among neighbours whose joint text is a token, those with the best score are joined first: a byte-pair encoding whose
 * merges are in the order of the scores.
 *
 * <p>Source: {@code build_tokenizer} and {@code encode} of https://github.com/karpathy/llama2.c.
 */
final class Llama2cVocabulary {
    static final String UNKNOWN = "<unk>";
    static final String BEGINNING = "<s>";
    static final String END = "</s>";

    /** What sentencepiece writes for a blank, U+2581. */
    static final String BLANK = "\u2581";

    private static final List<String> SPECIAL = List.of(UNKNOWN, BEGINNING, END);
    private static final int BYTES = 256;
    private static final int MAX_MEBIBYTES = 64;

    /** Bytes of the longest token; sentencepiece makes none longer than 16 characters unless asked to. */
    private static final int MAX_LENGTH = 256;

    /** A score below which no neighbours are joined. */
    private static final float WORST = -1e10f;

    private final Path file;
    /** In the order of the ids. */
    private final Map<String, Float> scores = new LinkedHashMap<>();

    /** Two tokens that become one. */
    record Merge(String first, String second, float score) {}

    private Llama2cVocabulary(Path file) {
        this.file = file;
    }

    /**
     * Reads a vocabulary.
     *
     * @throws CheckpointException if the file is none, or not a whole one
     */
    static Llama2cVocabulary read(Path file) {
        byte[] bytes;
        try {
            bytes = SmallFile.bytes(file, MAX_MEBIBYTES);
        } catch (IOException e) {
            throw new CheckpointException("Cannot read " + file + ": " + e + ". Check the path.", e);
        }
        Llama2cVocabulary vocabulary = new Llama2cVocabulary(file);
        vocabulary.readAll(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        return vocabulary;
    }

    private void readAll(ByteBuffer in) {
        int longest = in.remaining() < Integer.BYTES ? 0 : in.getInt();
        if (longest < 1 || longest > MAX_LENGTH) {
            throw none("it begins with " + longest + ", where the bytes of the longest token should stand, from 1 to "
                    + MAX_LENGTH);
        }
        while (in.hasRemaining()) {
            int id = scores.size();
            if (in.remaining() < 2 * Integer.BYTES) throw none("it ends within the token " + id);
            float score = in.getFloat();
            int length = in.getInt();
            if (!Float.isFinite(score)) throw none("the score of the token " + id + " is " + score);
            if (length < 1 || length > longest) {
                throw none("the token " + id + " has " + length + " bytes, and the longest should have " + longest);
            }
            if (length > in.remaining()) throw none("it ends within the token " + id);
            String text = text(in.slice(in.position(), length), id);
            in.position(in.position() + length);
            if (scores.putIfAbsent(name(id, text), score) != null) throw none("it has the token " + id + " twice");
        }
        if (scores.size() < SPECIAL.size() + BYTES) throw none("it has only " + scores.size() + " tokens");
    }

    private String text(ByteBuffer bytes, int id) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw none("the token " + id + " is not UTF-8");
        }
    }

    private String name(int id, String text) {
        if (id < SPECIAL.size()) return SPECIAL.get(id);
        if (id < SPECIAL.size() + BYTES) {
            String expected = String.format(Locale.ROOT, "<0x%02X>", id - SPECIAL.size());
            if (!text.equals(expected)) throw none("the token " + id + " is not " + expected);
        }
        return text.replace(" ", BLANK);
    }

    int size() {
        return scores.size();
    }

    /** Tokens in the order of their ids. */
    List<String> tokens() {
        return List.copyOf(scores.keySet());
    }

    /**
     * All pairs of tokens that are one token together, in the order in which they are joined. Of tokens with one score the one
     * with the smaller id comes first, where llama2.c takes the one that stands first in the text; sentencepiece writes
     * no score twice.
     */
    List<Merge> merges() {
        List<Merge> merges = new ArrayList<>();
        scores.forEach((token, score) -> {
            if (score <= WORST || SPECIAL.contains(token)) return;
            for (int at = 1; at < token.length(); at++) {
                String first = token.substring(0, at);
                if (!joins(first)) continue;
                String second = token.substring(at);
                if (joins(second)) merges.add(new Merge(first, second, score));
            }
        });
        merges.sort(Comparator.comparingDouble(merge -> -merge.score()));
        return merges;
    }

    private boolean joins(String token) {
        return scores.containsKey(token) && !SPECIAL.contains(token);
    }

    private CheckpointException none(String why) {
        return new CheckpointException(
                file + " is no vocabulary of llama2.c: " + why + ". Take the tok*.bin that belongs to the model.");
    }
}
