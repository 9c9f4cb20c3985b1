package dev.attune.data;

import java.util.Arrays;

/** Transformers' {@code get_length_grouped_indices}. */
final class LengthGroups {
    /** PyTorch's data loader takes a 64-bit seed for its workers at the start of an epoch: two draws of 32 bits. */
    static final int WORKER_SEED_DRAWS = 2;

    private static final int LARGEST_MULTIPLE = 50;

    private LengthGroups() {}

    /**
     * Shuffle, cut into mega-batches of some batches each, sort each by falling length, put the longest example first.
     */
    static int[] order(int[] lengths, int batchSize, Mt19937 generator) {
        int n = lengths.length;
        int multiple = Math.max(1, (int) Math.min(n / (batchSize * 4L), LARGEST_MULTIPLE));
        int size = (int) Math.min(n, (long) multiple * batchSize);
        int[] shuffled = generator.permutation(n);
        int[] order = new int[n];
        int longest = 0; // position in order; every mega-batch begins with its longest
        for (int start = 0; start < n; start += size) {
            int[] group = Arrays.copyOfRange(shuffled, start, Math.min(n, start + size));
            // Equal lengths keep their shuffled order, as in Python's sorted.
            int[] falling = LengthOrder.falling(
                    Arrays.stream(group).map(i -> lengths[i]).toArray());
            for (int i = 0; i < group.length; i++) order[start + i] = group[falling[i]];
            if (lengths[order[start]] > lengths[order[longest]]) longest = start;
        }
        int first = order[0];
        order[0] = order[longest];
        order[longest] = first;
        return order;
    }
}
