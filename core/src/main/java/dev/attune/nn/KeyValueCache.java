package dev.attune.nn;

import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the attention of a decoder keeps of texts that are being written: keys and values of all their tokens, of each layer, so that
 * the next token costs one row and not the whole text. A pass over a layout from here fills it; a model's file knows nothing of it.
 *
 * <pre>{@code
 * try (KeyValueCache cache = new KeyValueCache()) {
 *     logits = model(cache.prompt(lengths));       // all tokens of the prompts, packed
 *     logits = model(cache.step());                // one token more of each
 *     cache.keep(new int[] {2, 0});                // text 1 has ended; the others go on in this order
 * }
 * }</pre>
 *
 * <p>Layers ask in the same order in each pass: that order numbers them. Not for several threads.
 */
public final class KeyValueCache implements AutoCloseable {
    /** Places are made for so many tokens at a time, twice as many when they run out. */
    private static final int BLOCK = 64;

    /** Of each layer: (B, Hkv, P, D) with P places, of which each text uses the first {@code lengths[b]}. */
    private final List<KeptKeys> layers = new ArrayList<>();

    private int[] lengths = {};
    private int places;
    /** Layers that have asked in this pass. */
    private int asked;

    /** In a step: the place of the new token of each text and head among all places of a layer, (B·Hkv). */
    private @Nullable Tensor ends;
    /** In a step: {@link AttentionGrid#PADDING} where a shorter text has no token, (B, 1, 1, T); null if all are as long. */
    private @Nullable Tensor mask;

    /**
     * Begins texts.
     *
     * @param tokens of each
     * @throws IllegalStateException if texts have begun already
     */
    public SequenceLayout prompt(int[] tokens) {
        if (!layers.isEmpty()) throw new IllegalStateException("the texts have begun");
        lengths = tokens.clone();
        places = (longest() / BLOCK + 1) * BLOCK;
        asked = 0;
        return SequenceLayout.cached(tokens, this);
    }

    /** One token more of each text. */
    public SequenceLayout step() {
        if (layers.isEmpty()) throw new IllegalStateException("no text has begun");
        int[] positions = lengths.clone();
        for (int b = 0; b < lengths.length; b++) lengths[b]++;
        if (longest() > places) grow();
        asked = 0;
        int heads = (int) layers.get(0).keys().size(1);
        long[] at = new long[lengths.length * heads];
        for (int b = 0, i = 0; b < lengths.length; b++) {
            for (int h = 0; h < heads; h++, i++) at[i] = (long) i * places + positions[b];
        }
        ends = Tensor.ofLongs(at, at.length);
        mask = AttentionGrid.mask(lengths, 0, longest());
        return SequenceLayout.next(positions, this);
    }

    /**
     * Goes on with some of the texts.
     *
     * @param texts their numbers, in the order in which they go on; one may come several times
     */
    public void keep(int[] texts) {
        boolean asTheyAre = texts.length == lengths.length;
        for (int i = 0; i < texts.length && asTheyAre; i++) asTheyAre = texts[i] == i;
        if (asTheyAre) return;
        replace(places, texts);
        lengths = Arrays.stream(texts).map(text -> lengths[text]).toArray();
    }

    /** Keys and values (N, Hkv·D) of the prompts' tokens, of the layer whose turn it is. */
    void begin(Tensor k, Tensor v, int heads) {
        long size = k.size(1) / heads;
        long[] at = new long[(int) k.size(0) * heads];
        int i = 0;
        for (int b = 0; b < lengths.length; b++) {
            for (int t = 0; t < lengths[b]; t++) {
                for (int h = 0; h < heads; h++) at[i++] = ((long) b * heads + h) * places + t;
            }
        }
        Tensor index = Tensor.ofLongs(at, at.length);
        layers.add(new KeptKeys(
                begun(k.reshape(at.length, size), index, heads).keep(),
                begun(v.reshape(at.length, size), index, heads).keep()));
    }

    private Tensor begun(Tensor rows, Tensor index, int heads) {
        long size = rows.size(1);
        // Zeros, for what is masked is multiplied by nothing, and must be a number.
        Tensor kept = Tensor.zeros(rows.type(), lengths.length, heads, places, size);
        kept.view((long) lengths.length * heads * places, size).rowsInPlace(index, rows);
        return kept;
    }

    /**
     * Attention of the new tokens to all of their texts, in the layer whose turn it is.
     *
     * @param q (B, H·D)
     * @param k (B, Hkv·D), as v
     * @return (B, H·D)
     */
    Tensor attend(Tensor q, Tensor k, Tensor v, Heads heads, @Nullable ScoreBias bias) {
        KeptKeys kept = layers.get(asked++);
        long texts = q.size(0);
        long size = k.size(1) / heads.keyValue();
        put(kept.keys(), k, size);
        put(kept.values(), v, size);
        // The heads that share keys are as many queries of one head.
        Tensor queries = q.view(texts, heads.keyValue(), heads.query() / heads.keyValue(), size);
        Tensor hidden = heads.window() == 0 || heads.window() >= longest()
                ? mask
                : AttentionGrid.mask(lengths, heads.window(), longest());
        Tensor added =
                bias == null ? null : bias.ofKeys(longest()).view(texts, heads.keyValue(), queries.size(2), longest());
        return kept.attend(queries, longest(), hidden, added, heads.scale()).reshape(texts, q.size(1));
    }

    private void put(Tensor kept, Tensor rows, long size) {
        long heads = kept.size(1);
        kept.view(kept.size(0) * heads * places, size).rowsInPlace(ends(), rows.reshape(rows.size(0) * heads, size));
    }

    private Tensor ends() {
        if (ends == null) throw new IllegalStateException("no step");
        return ends;
    }

    /** T: tokens of the longest text. */
    int longest() {
        return Arrays.stream(lengths).max().orElse(0);
    }

    private void grow() {
        int more = 2 * places;
        int[] all = new int[lengths.length];
        for (int b = 0; b < all.length; b++) all[b] = b;
        replace(more, all);
        places = more;
    }

    /** Puts copies of these texts, with {@code room} places, where all texts were. */
    private void replace(int room, int[] texts) {
        int used = Math.min(places, longest());
        for (int i = 0; i < layers.size(); i++) {
            KeptKeys before = layers.get(i);
            layers.set(
                    i,
                    new KeptKeys(moved(before.keys(), texts, used, room), moved(before.values(), texts, used, room)));
            before.close();
        }
    }

    private static Tensor moved(Tensor kept, int[] texts, int used, int room) {
        return Scope.run(() -> {
                    Tensor all = Tensor.zeros(kept.type(), texts.length, kept.size(1), room, kept.size(3));
                    all.narrow(2, 0, used).copyInPlace(kept.narrow(2, 0, used).rows(Tensor.ofInts(texts)));
                    return all;
                })
                .keep();
    }

    @Override
    public void close() {
        layers.forEach(KeptKeys::close);
        layers.clear();
    }
}
