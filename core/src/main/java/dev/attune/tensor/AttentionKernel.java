package dev.attune.tensor;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Scaled dot-product attention of libtorch, softmax(scale·q·kᵀ + mask)·v, which keeps no (Q, K) scores in memory. */
public final class AttentionKernel {
    /** Products of this many numbers take as long as waking another thread. */
    private static final long SMALL = 1 << 18;

    private AttentionKernel() {}

    /**
     * The attended values, (B, H, Q, D).
     *
     * @param q (B, H, Q, D)
     * @param k (B, H, K, D), as v
     * @param mask (B, 1, 1, K) or (1, 1, Q, K); null if all is seen, and if {@code causal}
     * @param causal whether query number i sees the keys up to number i
     */
    public static Tensor apply(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, double scale, boolean causal) {
        boolean small = q.size(0) * q.size(1) * q.size(2) * q.size(3) * k.size(2) <= SMALL && !Grad.isOn();
        return small
                ? OneThread.run(() -> computed(q, k, v, mask, scale, causal))
                : computed(q, k, v, mask, scale, causal);
    }

    private static Tensor computed(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, double scale, boolean causal) {
        return Operation.guard(
                "scaled_dot_product_attention",
                () -> Tensor.of(torch.scaled_dot_product_attention(
                        q.handle(),
                        k.handle(),
                        v.handle(),
                        mask == null ? new TensorOptional() : new TensorOptional(mask.handle()),
                        0, // it has no dropout of its own
                        causal,
                        new DoubleOptional(scale),
                        false)),
                q,
                k,
                v);
    }

    /**
     * What is added to scores where a query sees itself and those before it: 0 for what it sees, {@code low} for the rest.
     *
     * @param window how many it sees at most; 0 for all
     * @return (1, 1, T, T), FLOAT32
     */
    public static Tensor causalMask(int tokens, int window, double low) {
        return Scope.run(() -> {
            Tensor all = Tensor.zeros(DType.FLOAT32, 1, 1, tokens, tokens);
            all.fillInPlace(low);
            Tensor behind = Tensor.of(torch.triu(all.handle(), 1));
            return window == 0 || window >= tokens ? behind : behind.add(Tensor.of(torch.tril(all.handle(), -window)));
        });
    }
}
