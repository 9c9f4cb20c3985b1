package dev.attune.nn;

import dev.attune.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where sequences begin and end in a packed row of tokens. Made once a batch, inside its scope; its tensors are shared by
 * all layers.
 *
 * <p>Behind the tokens there may be a few rows of filler ({@link #rounded}), which belong to no sequence: no token sees them,
 * and nothing is learned from them.
 */
public final class SequenceLayout {
    private final int[] lengths;
    private final int tokens;
    private final int rows;
    private final int longest;
    private final PackedSequences packed;
    private final AttentionPlan attention;
    private final DropoutKeys keys;
    /** What keeps the keys and values of these tokens; null if nobody does. */
    private final @Nullable KeyValueCache cache;
    /** The place in its text of the one token of each sequence, which goes on with a text of the cache; null otherwise. */
    private final int @Nullable [] lastPlaces;

    /** @param lengths tokens of each sequence, each at least 1 */
    public SequenceLayout(int[] lengths) {
        this(lengths, null, 1, 1, null, null);
    }

    private SequenceLayout(
            int[] lengths,
            long @Nullable [] sequenceKeys,
            int rowMultiple,
            int lengthMultiple,
            @Nullable KeyValueCache cache,
            int @Nullable [] lastPlaces) {
        this.cache = cache;
        this.lastPlaces = lastPlaces;
        this.lengths = lengths.clone();
        this.tokens = Arrays.stream(lengths).sum();
        this.longest = Arrays.stream(lengths).max().orElse(0);
        if (lengths.length == 0 || Arrays.stream(lengths).anyMatch(l -> l < 1)) {
            throw new IllegalArgumentException("Every sequence needs at least one token: " + Arrays.toString(lengths));
        }
        this.rows = tokens + Math.floorMod(-tokens, rowMultiple);
        long[] tokenKeys = sequenceKeys == null ? null : DropoutKeys.tokens(lengths, sequenceKeys, rows);
        this.keys = DropoutKeys.of(tokenKeys);
        this.packed = new PackedSequences(this.lengths, rows, lengthMultiple, tokenKeys);
        this.attention = AttentionPlan.self(packed);
    }

    /**
     * A layout with filler up to a round number of rows, and in attention with padding up to round lengths. For training:
     * what each layer keeps for the backward pass then has few different sizes, and the memory that one step frees fits the
     * next. Without, malloc searches, on one thread while the others wait; a step on short texts took 1.2 times as long, and
     * a third more memory.
     *
     * @param keys a number for each sequence, which dropout comes from; null if there will be none
     */
    public static SequenceLayout rounded(int[] lengths, long @Nullable [] keys) {
        int tokens = Arrays.stream(lengths).sum();
        return new SequenceLayout(lengths, keys, Math.max(16, Integer.highestOneBit(tokens) / 32), 8, null, null);
    }

    /** Texts that begin, to be gone on with from the cache. */
    static SequenceLayout cached(int[] lengths, KeyValueCache cache) {
        return new SequenceLayout(lengths, null, 1, 1, cache, null);
    }

    /** One token of each text of the cache, at these places. */
    static SequenceLayout next(int[] places, KeyValueCache cache) {
        int[] one = new int[places.length];
        Arrays.fill(one, 1);
        return new SequenceLayout(one, null, 1, 1, cache, places);
    }

    /** N. */
    public int tokens() {
        return tokens;
    }

    /** Tokens and filler: what a model computes. */
    public int rows() {
        return rows;
    }

    /** All rows to those of the tokens (N, C). */
    public Tensor withoutFiller(Tensor x) {
        return rows == tokens ? x : x.narrow(0, 0, tokens);
    }

    /** B. */
    public int sequences() {
        return lengths.length;
    }

    /** T. */
    public int longest() {
        return longest;
    }

    /** Position of each token in its text, from 0; the filler is at 0. One for each row. */
    public Tensor positions() {
        if (lastPlaces != null) return Tensor.ofInts(lastPlaces);
        long[] positions = new long[rows];
        int at = 0;
        for (int length : lengths) for (int t = 0; t < length; t++) positions[at++] = t;
        return Tensor.ofLongs(positions, rows);
    }

    /** Row of the first token of each sequence. Shape (B). */
    public Tensor firstTokens() {
        long[] first = new long[lengths.length];
        int at = 0;
        for (int b = 0; b < lengths.length; b++) {
            first[b] = at;
            at += lengths[b];
        }
        return Tensor.ofLongs(first, lengths.length);
    }

    /** Row of the last token of each sequence. Shape (B). */
    public Tensor lastTokens() {
        long[] last = new long[lengths.length];
        int at = 0;
        for (int b = 0; b < lengths.length; b++) {
            at += lengths[b];
            last[b] = at - 1;
        }
        return Tensor.ofLongs(last, lengths.length);
    }

    /** A number for each row (R, 1), from the length of its sequence; 0 for the filler. */
    Tensor byLength(IntToDoubleFunction number) {
        float[] numbers = new float[rows];
        int at = 0;
        for (int length : lengths) {
            Arrays.fill(numbers, at, at + length, (float) number.applyAsDouble(length));
            at += length;
        }
        return Tensor.ofFloats(numbers, rows, 1);
    }

    /** What dropout comes from, for all rows. */
    public DropoutKeys keys() {
        return keys;
    }

    /** The same for the first token of each sequence. */
    public DropoutKeys firstKeys() {
        return keys.isNone() ? keys : keys.rows(firstTokens());
    }

    /** Tokens of the sequences that go on with texts of a cache, each at its place there; null if sequences begin. */
    int @Nullable [] lastPlaces() {
        return lastPlaces;
    }

    /** How many keys the tokens look at, once for each group of sequences that are padded alike. */
    int[] keysSeen() {
        if (lastPlaces != null && cache != null) return new int[] {cache.longest()};
        return attention.bins.stream().mapToInt(bin -> bin.keys().longest).toArray();
    }

    @Nullable
    KeyValueCache cache() {
        return cache;
    }

    int[] lengths() {
        return lengths;
    }

    PackedSequences packed() {
        return packed;
    }

    AttentionPlan attention() {
        return attention;
    }
}
