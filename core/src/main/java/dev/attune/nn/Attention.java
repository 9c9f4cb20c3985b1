package dev.attune.nn;

import dev.attune.tensor.Activations;
import dev.attune.tensor.AttentionKernel;
import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head scaled dot-product attention over packed sequences (Vaswani et al. 2017, arXiv 1706.03762). The one place
 * where a batch is padded, and only for the two products over token pairs.
 *
 * <p>Which kernel computes them was decided by {@code AttentionBenchmark} (on CPU, the only device so far): in 32 bits
 * libtorch's fused kernel is faster from 16 to 128 tokens and as fast at 512; in 16 bits its products fall back to a plain
 * loop in this build, and explicit ones are several times as fast. With dropout libtorch computes explicit products too.
 */
public final class Attention {
    private Attention() {}

    /**
     * softmax(q·kᵀ/√D)·v within each sequence.
     *
     * @param q (N, C), as k and v
     * @return (N, C)
     */
    public static Tensor forward(Tensor q, Tensor k, Tensor v, SequenceLayout layout, int heads, Dropout dropout) {
        AttentionPlan plan = layout.attention();
        List<Tensor> outputs = new ArrayList<>();
        for (AttentionPlan.Bin bin : plan.bins) {
            // (B, H, T, T) is the largest thing here: what is not needed again is freed with its bin.
            outputs.add(Scope.run(() -> {
                Tensor qh = heads(q, bin, heads); // (B, H, T, D)
                Tensor kh = heads(k, bin, heads);
                Tensor vh = heads(v, bin, heads);
                @Nullable Tensor mask = bin.mask(qh.type());
                boolean fused = qh.type() == DType.FLOAT32 && dropout.probability() == 0;
                return grid(
                        fused
                                ? AttentionKernel.apply(qh, kh, vh, mask)
                                : products(qh, kh, vh, mask, dropout, bin.keys));
            })); // (B·T, C)
        }
        Tensor all = outputs.size() == 1 ? outputs.get(0) : Tensor.cat(0, outputs);
        return plan.places == null ? all : all.rows(plan.places);
    }

    /**
     * As {@link #forward}, for the first token of each sequence only: {@code B·T} pairs instead of {@code B·T·T}.
     *
     * @param q (B, C), one row a sequence
     * @param k (N, C), as v
     * @return (B, C)
     */
    public static Tensor forwardFirst(Tensor q, Tensor k, Tensor v, SequenceLayout layout, int heads, Dropout dropout) {
        AttentionPlan plan = layout.attention();
        List<Tensor> outputs = new ArrayList<>();
        for (AttentionPlan.Bin bin : plan.bins) {
            outputs.add(Scope.run(() -> {
                long c = q.size(1);
                Tensor rows = bin.members == null ? q : q.rows(bin.members);
                Tensor qh = rows.view(bin.sequences, heads, 1, c / heads); // (B, H, 1, D)
                Tensor kh = heads(k, bin, heads);
                Tensor vh = heads(v, bin, heads);
                // One row of scores a head: nothing that a fused kernel could keep out of memory.
                return products(qh, kh, vh, bin.mask(qh.type()), dropout, bin.firstKeys())
                        .reshape(bin.sequences, c);
            })); // (b, C)
        }
        Tensor all = outputs.size() == 1 ? outputs.get(0) : Tensor.cat(0, outputs);
        return plan.order == null ? all : all.rows(plan.order);
    }

    /** q, k, v (B, H, T, D), mask (B, 1, 1, T), keys (B, 1, T, 1) to (B, H, T, D); q and keys may have fewer rows than T. */
    private static Tensor products(
            Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, Dropout dropout, @Nullable Tensor keys) {
        double scale = 1 / Math.sqrt((double) q.size(3));
        Tensor scores = q.mul(scale).matmul(k.transpose(2, 3)); // B·H·T·D is smaller than B·H·T·T to scale
        Tensor shares = mask == null ? Activations.softmax(scores, -1) : Activations.maskedSoftmax(scores, mask, -1);
        return dropout.forwardShares(shares, keys).matmul(v);
    }

    /** (N, C) to (B, H, T, D). */
    private static Tensor heads(Tensor x, AttentionPlan.Bin bin, int heads) {
        long c = x.size(1);
        Tensor grid = bin.grid == null ? x : x.rows(bin.grid);
        return grid.view(bin.sequences, bin.longest, heads, c / heads).transpose(1, 2);
    }

    /** (B, H, T, D) to (B·T, C). */
    private static Tensor grid(Tensor x) {
        return x.transpose(1, 2).reshape(x.size(0) * x.size(2), x.size(1) * x.size(3));
    }
}
