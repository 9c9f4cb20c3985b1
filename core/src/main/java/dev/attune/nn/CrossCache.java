package dev.attune.nn;

import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the attention of a decoder keeps of the texts that were encoded: their keys and values in each layer, made in the first pass.
 * Several texts that are being written, such as beams, may look at one of them: it is kept once, and they are its queries.
 *
 * <p>Layers ask in the same order in each pass, as with {@link KeyValueCache}. Not for several threads.
 */
public final class CrossCache implements AutoCloseable {
    /** Of each layer: (S, Hkv, T, D), padded. */
    private final List<KeptKeys> layers = new ArrayList<>();

    private int[] lengths;
    /** The number of the encoded text that each text being written looks at, rising. */
    private int[] seen;
    /** Layers that have asked in this pass. */
    private int asked;

    private @Nullable Tensor mask;

    /** @param encoded the texts that are looked at, each by one text that is being written */
    public CrossCache(SequenceLayout encoded) {
        lengths = encoded.lengths().clone();
        seen = new int[lengths.length];
        for (int b = 0; b < seen.length; b++) seen[b] = b;
    }

    /** For one pass over these texts; in the scope that is open. */
    public CrossLayout layout(SequenceLayout written) {
        asked = 0;
        mask = AttentionGrid.mask(lengths, 0, longest());
        int[] rows = new int[lengths.length];
        for (int b = 0; b < seen.length; b++) rows[seen[b]] += written.lengths()[b];
        return CrossLayout.cached(this, new QueryGrid(rows));
    }

    /**
     * Goes on with some of the texts that are being written.
     *
     * @param texts their numbers, in the order in which they go on; one may come several times. Those that look at one encoded text
     *     stay together, and in the order of the encoded ones.
     */
    public void keep(int[] texts) {
        int[] now = Arrays.stream(texts).map(text -> seen[text]).toArray();
        for (int i = 1; i < now.length; i++) {
            if (now[i] < now[i - 1]) throw new IllegalArgumentException("not in the order of the encoded texts");
        }
        int[] left = Arrays.stream(now).distinct().toArray();
        if (left.length < lengths.length) {
            lengths = Arrays.stream(left).map(text -> lengths[text]).toArray();
            for (int i = 0; i < layers.size(); i++) {
                KeptKeys before = layers.get(i);
                layers.set(i, new KeptKeys(some(before.keys(), left), some(before.values(), left)));
                before.close();
            }
        }
        seen = new int[now.length];
        for (int i = 1; i < now.length; i++) seen[i] = now[i] == now[i - 1] ? seen[i - 1] : seen[i - 1] + 1;
    }

    /** With room for the longest of those that are left. */
    private Tensor some(Tensor kept, int[] texts) {
        return Scope.run(() -> kept.narrow(2, 0, longest()).rows(Tensor.ofInts(texts)))
                .keep();
    }

    /** Whether the layer whose turn it is has no keys and values yet. */
    boolean isFirst() {
        return asked == layers.size();
    }

    /** Keeps keys and values (M, Hkv·D) of all encoded texts for the layer whose turn it is. */
    void begin(Tensor k, Tensor v, int heads) {
        layers.add(new KeptKeys(grid(k, heads).keep(), grid(v, heads).keep()));
    }

    private Tensor grid(Tensor x, int heads) {
        int longest = longest();
        long[] rows = new long[lengths.length * longest];
        for (int s = 0, at = 0, start = 0; s < lengths.length; start += lengths[s++]) {
            for (int t = 0; t < longest; t++) rows[at++] = start + Math.min(t, lengths[s] - 1);
        }
        return Scope.run(() -> {
            Tensor kept = Tensor.empty(x.type(), lengths.length, heads, longest, x.size(1) / heads);
            kept.copyInPlace(x.rows(Tensor.ofLongs(rows, rows.length))
                    .view(lengths.length, longest, heads, x.size(1) / heads)
                    .transpose(1, 2));
            return kept;
        });
    }

    /**
     * Attention of all rows to their encoded texts, in the layer whose turn it is.
     *
     * @param q (R, H·D)
     * @return (R, H·D)
     */
    Tensor attend(Tensor q, QueryGrid grid, Heads heads) {
        KeptKeys kept = layers.get(asked++);
        long size = kept.keys().size(3);
        long group = heads.query() / heads.keyValue();
        // The heads that share keys are as many queries of one head.
        Tensor queries = grid.spread(q)
                .view(lengths.length, grid.width(), heads.keyValue(), group, size)
                .transpose(1, 2)
                .reshape(lengths.length, heads.keyValue(), grid.width() * group, size); // (S, Hkv, Q·G, D)
        Tensor found = kept.attend(queries, longest(), mask, null, heads.scale());
        return grid.gathered(found.view(lengths.length, heads.keyValue(), grid.width(), group, size)
                .transpose(1, 2)
                .reshape((long) lengths.length * grid.width(), q.size(1)));
    }

    private int longest() {
        return Arrays.stream(lengths).max().orElse(0);
    }

    @Override
    public void close() {
        layers.forEach(KeptKeys::close);
        layers.clear();
    }
}
