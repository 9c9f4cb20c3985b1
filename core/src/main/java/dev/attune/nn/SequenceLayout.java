package dev.attune.nn;

import dev.attune.tensor.Tensor;
import java.util.Arrays;

/**
 * Where sequences begin and end in a packed row of tokens. Made once a batch, inside its scope; its tensors are shared by
 * all layers.
 */
public final class SequenceLayout {
    private final int[] lengths;
    private final int tokens;
    private final int longest;
    private final AttentionPlan attention;

    /** @param lengths tokens of each sequence, each at least 1 */
    public SequenceLayout(int[] lengths) {
        this.lengths = lengths.clone();
        this.tokens = Arrays.stream(lengths).sum();
        this.longest = Arrays.stream(lengths).max().orElse(0);
        if (lengths.length == 0 || Arrays.stream(lengths).anyMatch(l -> l < 1)) {
            throw new IllegalArgumentException("Every sequence needs at least one token: " + Arrays.toString(lengths));
        }
        this.attention = AttentionPlan.of(lengths);
    }

    /** N. */
    public int tokens() {
        return tokens;
    }

    /** B. */
    public int sequences() {
        return lengths.length;
    }

    /** T. */
    public int longest() {
        return longest;
    }

    /** Position of each token in its sequence, from 0. Shape (N). */
    public Tensor positions() {
        long[] positions = new long[tokens];
        int at = 0;
        for (int length : lengths) for (int t = 0; t < length; t++) positions[at++] = t;
        return Tensor.ofLongs(positions, tokens);
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

    AttentionPlan attention() {
        return attention;
    }
}
