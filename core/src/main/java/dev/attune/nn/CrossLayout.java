package dev.attune.nn;

import org.jspecify.annotations.Nullable;

/**
 * Which tokens of one packed batch see which of another: each sequence sees the one of the same number, as a decoder sees what
 * was encoded. Made once a batch, inside its scope.
 */
public final class CrossLayout {
    private final @Nullable AttentionPlan attention;
    private final @Nullable CrossCache cache;
    private final @Nullable QueryGrid queries;
    private final DropoutKeys keys;

    private CrossLayout(
            @Nullable AttentionPlan attention,
            @Nullable CrossCache cache,
            @Nullable QueryGrid queries,
            DropoutKeys keys) {
        this.attention = attention;
        this.cache = cache;
        this.queries = queries;
        this.keys = keys;
    }

    /**
     * @param queries of the sequences that look
     * @param keys of those that are looked at, as many
     */
    public static CrossLayout of(SequenceLayout queries, SequenceLayout keys) {
        return new CrossLayout(AttentionPlan.cross(queries.packed(), keys.packed()), null, null, keys.keys());
    }

    /** @param queries the rows that look at each sequence of the cache */
    static CrossLayout cached(CrossCache cache, QueryGrid queries) {
        return new CrossLayout(null, cache, queries, DropoutKeys.NONE);
    }

    /** What dropout comes from, for all rows that are looked at. */
    public DropoutKeys keys() {
        return keys;
    }

    AttentionPlan attention() {
        if (attention == null) throw new IllegalStateException("what is looked at is in a cache");
        return attention;
    }

    @Nullable
    CrossCache cache() {
        return cache;
    }

    QueryGrid queries() {
        if (queries == null) throw new IllegalStateException("no cache");
        return queries;
    }
}
