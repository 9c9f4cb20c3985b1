package dev.attune.nn;

/**
 * Which tokens of one packed batch see which of another: each sequence sees the one of the same number, as a decoder sees what
 * was encoded. Made once a batch, inside its scope.
 */
public final class CrossLayout {
    private final AttentionPlan attention;

    private CrossLayout(AttentionPlan attention) {
        this.attention = attention;
    }

    /**
     * @param queries of the sequences that look
     * @param keys of those that are looked at, as many
     */
    public static CrossLayout of(SequenceLayout queries, SequenceLayout keys) {
        return new CrossLayout(AttentionPlan.cross(queries.packed(), keys.packed()));
    }

    AttentionPlan attention() {
        return attention;
    }
}
