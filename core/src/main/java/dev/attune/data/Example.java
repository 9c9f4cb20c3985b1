package dev.attune.data;

import dev.attune.error.DataException;

/**
 * One encoded row, ready for a batch. The arrays are not copied: whoever makes an example gives them away.
 *
 * @param ids token ids, at least one
 * @param typeIds segment of each token, as long as {@code ids}
 * @param labels class ids: one for sequence classification, one per token for token tasks; empty if there are none
 * @param targets numbers: one for regression, one per class for multi-label classification; empty if there are none
 */
public record Example(int[] ids, int[] typeIds, int[] labels, float[] targets) {
    public Example {
        if (ids.length == 0) throw new DataException("An example has no tokens; drop empty texts before training.");
        if (typeIds.length != ids.length) {
            throw new IllegalArgumentException(
                    "an example has " + ids.length + " ids but " + typeIds.length + " type ids");
        }
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }
}
