package dev.attune.nn;

import dev.attune.tensor.Tensor;
import java.util.function.Consumer;
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
    private final @Nullable Consumer<Tensor> watcher;

    private CrossLayout(
            @Nullable AttentionPlan attention,
            @Nullable CrossCache cache,
            @Nullable QueryGrid queries,
            DropoutKeys keys,
            @Nullable Consumer<Tensor> watcher) {
        this.attention = attention;
        this.cache = cache;
        this.queries = queries;
        this.keys = keys;
        this.watcher = watcher;
    }

    /**
     * @param queries of the sequences that look
     * @param keys of those that are looked at, as many
     */
    public static CrossLayout of(SequenceLayout queries, SequenceLayout keys) {
        return new CrossLayout(AttentionPlan.cross(queries.packed(), keys.packed()), null, null, keys.keys(), null);
    }

    /**
     * One text that looks at another, and is watched.
     *
     * @param query without filler
     * @param key without filler
     * @param watcher is given (H, Q, K) by each layer in turn: how each token divides its attention. The tensors live in the scope
     *     that is open.
     */
    public static CrossLayout watched(SequenceLayout query, SequenceLayout key, Consumer<Tensor> watcher) {
        if (!isOnePlain(query) || !isOnePlain(key)) {
            throw new IllegalArgumentException("One text without filler is watched at a time.");
        }
        return new CrossLayout(AttentionPlan.cross(query.packed(), key.packed()), null, null, key.keys(), watcher);
    }

    private static boolean isOnePlain(SequenceLayout layout) {
        return layout.lengths().length == 1 && layout.packed().rows() == layout.lengths()[0];
    }

    /** @param queries the rows that look at each sequence of the cache */
    static CrossLayout cached(CrossCache cache, QueryGrid queries) {
        return new CrossLayout(null, cache, queries, DropoutKeys.NONE, null);
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
    Consumer<Tensor> watcher() {
        return watcher;
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
