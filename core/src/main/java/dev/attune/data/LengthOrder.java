package dev.attune.data;

import java.util.Arrays;

/** Examples by falling length, and where to cut them into batches of about the same number of tokens. */
final class LengthOrder {
    private LengthOrder() {}

    /** Places, longest first; equal lengths keep their order. */
    static int[] falling(int[] lengths) {
        long[] keys = new long[lengths.length];
        // The length in the upper half, turned around, and the place in the lower: one sort of primitives.
        for (int i = 0; i < keys.length; i++) keys[i] = (long) (Integer.MAX_VALUE - lengths[i]) << 32 | i;
        Arrays.parallelSort(keys);
        int[] order = new int[keys.length];
        for (int i = 0; i < order.length; i++) order[i] = (int) keys[i];
        return order;
    }

    /**
     * Where each batch begins in {@code order}, and where the last one ends. A batch that is at least half full ends where
     * the length changes: sequences of one length need no padding, and nothing is gathered for it.
     */
    static int[] starts(int[] lengths, int[] order, int tokens) {
        int[] starts = new int[order.length + 1];
        int batches = 0;
        long sum = Long.MAX_VALUE / 2; // the first example begins a batch
        for (int i = 0; i < order.length; i++) {
            int length = lengths[order[i]];
            boolean changes = i > 0 && length != lengths[order[i - 1]];
            if (sum + length > tokens || changes && sum >= tokens / 2) {
                starts[batches++] = i;
                sum = 0;
            }
            sum += length;
        }
        starts[batches] = order.length;
        return Arrays.copyOf(starts, batches + 1);
    }
}
