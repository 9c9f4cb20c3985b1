package dev.attune.tensor;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Scaled dot-product attention of libtorch, softmax(q·kᵀ/√D + mask)·v, which keeps no (T, T) scores in memory. */
public final class AttentionKernel {
    private AttentionKernel() {}

    /**
     * The attended values, (B, H, T, D).
     *
     * @param q (B, H, T, D), as k and v
     * @param mask (B, 1, 1, T), or null
     */
    public static Tensor apply(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask) {
        return Operation.guard(
                "scaled_dot_product_attention",
                () -> Tensor.of(torch.scaled_dot_product_attention(
                        q.handle(),
                        k.handle(),
                        v.handle(),
                        mask == null ? new TensorOptional() : new TensorOptional(mask.handle()),
                        0, // it has no dropout of its own
                        false,
                        new DoubleOptional(),
                        false)),
                q,
                k,
                v);
    }
}
