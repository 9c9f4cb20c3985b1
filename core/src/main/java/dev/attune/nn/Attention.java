package dev.attune.nn;

import dev.attune.tensor.Activations;
import dev.attune.tensor.AttentionKernel;
import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head dot-product attention over packed sequences, softmax(scale·q·kᵀ)·v (Vaswani et al. 2017, arXiv 1706.03762). The one place
 * where a batch is padded, and only for the two products over token pairs.
 *
 * <p>Which kernel computes them was decided by {@code AttentionBenchmark} (on CPU, the only device so far): in 32 bits
 * libtorch's fused kernel is faster from 16 to 128 tokens and as fast at 512; in 16 bits its products fall back to a plain
 * loop in this build, and explicit ones are several times as fast. With dropout libtorch computes explicit products too.
 */
public final class Attention {
    private Attention() {}

    /**
     * Attention within each sequence.
     *
     * @param q (N, H·D)
     * @param k (N, Hkv·D), as v
     * @return (N, H·D)
     */
    public static Tensor forward(Tensor q, Tensor k, Tensor v, SequenceLayout layout, Heads heads, Dropout dropout) {
        return forward(q, k, v, layout, heads, null, dropout);
    }

    /** As {@link #forward(Tensor, Tensor, Tensor, SequenceLayout, Heads, Dropout)}, with something added to the scores. */
    public static Tensor forward(
            Tensor q,
            Tensor k,
            Tensor v,
            SequenceLayout layout,
            Heads heads,
            @Nullable ScoreBias bias,
            Dropout dropout) {
        KeyValueCache cache = layout.cache();
        if (cache != null && layout.lastPlaces() != null) return cache.attend(q, k, v, heads, bias);
        if (cache != null) cache.begin(k, v, heads.keyValue());
        return forward(q, k, v, layout.attention(), heads, bias, dropout);
    }

    /**
     * Attention to the sequences of another batch.
     *
     * @param q (N, H·D)
     * @param k makes (M, Hkv·D), as v; not asked where {@code layout} remembers what they made
     * @param heads not causal
     * @return (N, H·D)
     */
    public static Tensor cross(
            Tensor q, Supplier<Tensor> k, Supplier<Tensor> v, CrossLayout layout, Heads heads, Dropout dropout) {
        if (heads.causal()) throw new IllegalArgumentException("Tokens of two batches have no common order.");
        CrossCache cache = layout.cache();
        if (cache != null) {
            if (cache.isFirst()) cache.begin(k.get(), v.get(), heads.keyValue());
            return cache.attend(q, layout.queries(), heads);
        }
        Tensor seen = k.get();
        Consumer<Tensor> watcher = layout.watcher();
        if (watcher != null)
            watcher.accept(shares(q, seen, layout.attention().bins.get(0), heads));
        return forward(q, seen, v.get(), layout.attention(), heads, null, dropout);
    }

    /** softmax(scale·q·kᵀ) of one sequence: (H, Q, K). */
    private static Tensor shares(Tensor q, Tensor k, AttentionPlan.Bin bin, Heads heads) {
        Tensor qh = split(q, bin.queries(), heads.query()).mul(heads.scale());
        Tensor kh = repeated(split(k, bin.keys(), heads.keyValue()), heads);
        Tensor shares = Activations.softmax(qh.matmul(kh.transpose(2, 3)), -1); // (1, H, Q, K)
        return shares.view(heads.query(), shares.size(2), shares.size(3));
    }

    private static Tensor forward(
            Tensor q, Tensor k, Tensor v, AttentionPlan plan, Heads heads, @Nullable ScoreBias bias, Dropout dropout) {
        List<Tensor> outputs = new ArrayList<>();
        for (AttentionPlan.Bin bin : plan.bins) {
            Tensor added = bias == null ? null : bias.ofKeys(bin.keys().longest);
            // (B, H, Q, K) is the largest thing here: what is not needed again is freed with its bin.
            outputs.add(Scope.run(() -> {
                Tensor qh = split(q, bin.queries(), heads.query()); // (B, H, Q, D)
                Tensor kh = split(k, bin.keys(), heads.keyValue()); // (B, Hkv, K, D)
                Tensor vh = split(v, bin.keys(), heads.keyValue());
                boolean fused = qh.type() == DType.FLOAT32 && dropout.probability() == 0 && added == null;
                return joined(
                        fused
                                ? fused(qh, kh, vh, bin, heads)
                                : products(
                                        qh,
                                        kh,
                                        vh,
                                        mask(bin, heads, qh.type()),
                                        heads,
                                        added,
                                        dropout,
                                        bin.queries().keys));
            })); // (B·Q, C)
        }
        Tensor all = outputs.size() == 1 ? outputs.get(0) : Tensor.cat(0, outputs);
        return plan.places == null ? all : all.rows(plan.places);
    }

    /**
     * As {@link #forward}, for the first token of each sequence only: {@code B·T} pairs instead of {@code B·T·T}.
     *
     * @param q (B, C), one row a sequence
     * @param k (N, C), as v
     * @param heads that see all tokens
     * @return (B, C)
     */
    public static Tensor forwardFirst(
            Tensor q, Tensor k, Tensor v, SequenceLayout layout, Heads heads, Dropout dropout) {
        if (heads.causal()) throw new IllegalArgumentException("A causal first token sees nothing but itself.");
        AttentionPlan plan = layout.attention();
        List<Tensor> outputs = new ArrayList<>();
        for (AttentionPlan.Bin bin : plan.bins) {
            outputs.add(Scope.run(() -> {
                long c = q.size(1);
                AttentionGrid keys = bin.keys();
                Tensor rows = bin.members() == null ? q : q.rows(bin.members());
                Tensor qh = rows.view(keys.sequences, heads.query(), 1, c / heads.query()); // (B, H, 1, D)
                Tensor kh = split(k, keys, heads.keyValue());
                Tensor vh = split(v, keys, heads.keyValue());
                // One row of scores a head: nothing that a fused kernel could keep out of memory.
                return products(qh, kh, vh, keys.mask(qh.type()), heads, null, dropout, keys.firstKeys())
                        .reshape(keys.sequences, c);
            })); // (b, C)
        }
        Tensor all = outputs.size() == 1 ? outputs.get(0) : Tensor.cat(0, outputs);
        return plan.order == null ? all : all.rows(plan.order);
    }

    private static Tensor fused(Tensor q, Tensor k, Tensor v, AttentionPlan.Bin bin, Heads heads) {
        boolean plain = heads.causal() && heads.window() == 0;
        Tensor mask = plain ? null : mask(bin, heads, q.type());
        return AttentionKernel.apply(q, repeated(k, heads), repeated(v, heads), mask, heads.scale(), plain);
    }

    /** What is added to the scores: (B, 1, 1, K) or (1, 1, T, T); null for nothing. Padding is behind all tokens. */
    private static @Nullable Tensor mask(AttentionPlan.Bin bin, Heads heads, DType type) {
        if (!heads.causal()) return bin.keys().mask(type);
        Tensor mask = AttentionKernel.causalMask(bin.queries().longest, heads.window(), AttentionGrid.PADDING);
        return AttentionGrid.inType(mask, type);
    }

    /** q (B, H, Q, D), k and v (B, Hkv, K, D), keys (B, 1, Q, 1) to (B, H, Q, D). */
    private static Tensor products(
            Tensor q,
            Tensor k,
            Tensor v,
            @Nullable Tensor mask,
            Heads heads,
            @Nullable Tensor bias,
            Dropout dropout,
            @Nullable Tensor keys) {
        // B·H·Q·D is smaller than B·H·Q·K to scale.
        Tensor scaled = heads.scale() == 1 ? q : q.mul(heads.scale());
        Tensor scores = grouped(scaled, heads).matmul(k.transpose(2, 3)); // (B, Hkv, G·Q, K)
        boolean fresh = !heads.isGrouped(); // a view must not be written to: its history would be copied
        if (heads.isGrouped()) scores = scores.view(q.size(0), q.size(1), q.size(2), k.size(2)); // (B, H, Q, K)
        if (bias != null) {
            scores = scores.add(bias);
            fresh = true;
        }
        Tensor shares = mask == null
                ? Activations.softmax(scores, -1)
                : fresh ? Activations.maskedSoftmax(scores, mask, -1) : Activations.softmax(scores.add(mask), -1);
        Tensor y = grouped(dropout.forwardShares(shares, keys), heads).matmul(v);
        return heads.isGrouped() ? y.view(q.shape()) : y;
    }

    /** (B, H, Q, …) to (B, Hkv, G·Q, …): the heads that share keys stand one below the other. */
    private static Tensor grouped(Tensor x, Heads heads) {
        if (!heads.isGrouped()) return x;
        long group = heads.query() / heads.keyValue();
        return x.reshape(x.size(0), heads.keyValue(), group * x.size(2), x.size(3));
    }

    /** (B, Hkv, K, D) to (B, H, K, D): each head as often as it is asked. */
    private static Tensor repeated(Tensor x, Heads heads) {
        if (!heads.isGrouped()) return x;
        int group = heads.query() / heads.keyValue();
        Tensor apart = x.reshape(x.size(0), heads.keyValue(), 1, x.size(2) * x.size(3));
        return Tensor.cat(2, Collections.nCopies(group, apart)).view(x.size(0), heads.query(), x.size(2), x.size(3));
    }

    /** (N, H·D) to (B, H, T, D). */
    private static Tensor split(Tensor x, AttentionGrid grid, int heads) {
        Tensor all = grid.rows == null ? x : x.rows(grid.rows);
        return all.view(grid.sequences, grid.longest, heads, x.size(1) / heads).transpose(1, 2);
    }

    /** (B, H, T, D) to (B·T, H·D). */
    private static Tensor joined(Tensor x) {
        return x.transpose(1, 2).reshape(x.size(0) * x.size(2), x.size(1) * x.size(3));
    }
}
