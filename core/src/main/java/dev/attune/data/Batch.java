package dev.attune.data;

import dev.attune.tensor.SplitMix64;
import java.util.Arrays;
import java.util.List;

/**
 * Some examples end to end, without padding: {@code N} tokens of {@code B} sequences.
 *
 * @param ids {@code (N)} token ids
 * @param typeIds {@code (N)} segments
 * @param lengths {@code (B)} tokens of each sequence; they add up to {@code N}
 * @param labels the labels of all examples end to end
 * @param labelLengths {@code (B)} labels of each example; they add up to the labels. A text that is to be written about another
 *     one has a length of its own
 * @param targets the targets of all examples end to end, so row-major {@code (B, targets per example)}
 * @param rows {@code (B)} the place of each example among those the batch was made from ({@link Examples#where} names its
 * row)
 * @param keys {@code (B)} what the randomness of each sequence comes from, such as dropout: the seed, the epoch and the number
 *     of the example, and nothing else that is in the batch
 */
public record Batch(
        int[] ids,
        int[] typeIds,
        int[] lengths,
        int[] labels,
        int[] labelLengths,
        float[] targets,
        int[] rows,
        long[] keys) {
    /** All the examples, in order. */
    public static Batch of(List<Example> examples) {
        int[] rows = new int[examples.size()];
        for (int i = 0; i < rows.length; i++) rows[i] = i;
        return of(examples, rows);
    }

    /** The examples at these places of the list, in this order. */
    public static Batch of(List<Example> examples, int[] rows) {
        return of(Examples.of(examples), rows, 0, 0);
    }

    /**
     * The examples at these places, in this order, as epoch {@code epoch} sees them.
     *
     * @param seed of the run, for {@link #keys}
     */
    public static Batch of(Examples examples, int[] rows, int epoch, long seed) {
        Example[] chosen = new Example[rows.length];
        int tokens = 0;
        int labelCount = 0;
        int targetCount = 0;
        for (int i = 0; i < rows.length; i++) {
            chosen[i] = examples.get(rows[i], epoch);
            tokens = Math.addExact(tokens, chosen[i].ids().length);
            labelCount = Math.addExact(labelCount, chosen[i].labels().length);
            targetCount = Math.addExact(targetCount, chosen[i].targets().length);
        }
        Batch batch = new Batch(
                new int[tokens],
                new int[tokens],
                new int[rows.length],
                new int[labelCount],
                Arrays.stream(chosen)
                        .mapToInt(example -> example.labels().length)
                        .toArray(),
                new float[targetCount],
                rows.clone(),
                Arrays.stream(rows)
                        .mapToLong(row -> SplitMix64.ofExample(seed, epoch, row))
                        .toArray());
        int token = 0;
        int label = 0;
        int target = 0;
        for (int i = 0; i < chosen.length; i++) {
            Example example = chosen[i];
            int length = example.ids().length;
            System.arraycopy(example.ids(), 0, batch.ids, token, length);
            System.arraycopy(example.typeIds(), 0, batch.typeIds, token, length);
            System.arraycopy(example.labels(), 0, batch.labels, label, example.labels().length);
            System.arraycopy(example.targets(), 0, batch.targets, target, example.targets().length);
            batch.lengths[i] = length;
            token += length;
            label += example.labels().length;
            target += example.targets().length;
        }
        return batch;
    }

    /**
     * The same where some of the examples come several times in an epoch: each time with a key of its own, the first time with
     * the key of an example that comes once.
     *
     * @param draws {@code (B)} how often each example came before in this epoch
     */
    Batch drawn(int[] draws) {
        long[] drawn = new long[keys.length];
        for (int i = 0; i < drawn.length; i++) drawn[i] = draws[i] == 0 ? keys[i] : SplitMix64.at(keys[i], draws[i]);
        return withKeys(drawn);
    }

    /** The same with other keys. */
    public Batch withKeys(long[] other) {
        return new Batch(ids, typeIds, lengths, labels, labelLengths, targets, rows, other);
    }

    /** Number of sequences, {@code B}. */
    public int size() {
        return lengths.length;
    }

    /** Number of tokens, {@code N}. */
    public int tokens() {
        return ids.length;
    }

    /** Tokens of the longest sequence, {@code T}; 0 for a batch without sequences. */
    public int longest() {
        int longest = 0;
        for (int length : lengths) longest = Math.max(longest, length);
        return longest;
    }
}
