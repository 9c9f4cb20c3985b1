package dev.attune.nn;

import org.jspecify.annotations.Nullable;

/**
 * Sequences one after the other, and how they are padded where they have to be.
 *
 * @param lengths tokens of each
 * @param rows of the batch, at least as many as tokens; what is behind the tokens is seen by none, and gets an output of no
 *     meaning
 * @param multiple where sequences are padded, then to a multiple of this length
 * @param keys of each row, for dropout
 */
record PackedSequences(int[] lengths, int rows, int multiple, long @Nullable [] keys) {
    /** The first row of each. */
    int[] starts() {
        int[] start = new int[lengths.length];
        for (int b = 1; b < start.length; b++) start[b] = start[b - 1] + lengths[b - 1];
        return start;
    }
}
