package dev.attune.tensor;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Inverted dropout. libtorch draws one 64-bit number for each element, on one thread, which takes a fifth of a step on
 * short texts; here one draw serves four elements, 16 bits each. The probability is therefore a multiple of 2^-16, and the
 * scale is the exact inverse of the probability that is really used.
 */
public final class DropoutKernel {
    private static final int STEPS = 1 << 16;

    private DropoutKernel() {}

    /** Zeroes each element of {@code x} with probability {@code p} and scales the others by 1/(1-p). */
    public static Tensor apply(Tensor x, double p) {
        long dropped = Math.round(p * STEPS);
        if (dropped <= 0) return x;
        if (dropped >= STEPS) return x.mul(0);
        return Operation.guard("dropout", () -> {
            Tensor mask = mask(x, dropped);
            return scaled(x.mul(mask), mask, dropped);
        });
    }

    /**
     * {@code residual + apply(x, p)} in the memory of {@code x}, which is used up: two large tensors fewer in every layer.
     * {@code x} has to be fresh from an operation that does not need its result again, such as a linear layer.
     */
    public static Tensor addTo(Tensor residual, Tensor x, double p) {
        long dropped = Math.round(p * STEPS);
        return Operation.guard(
                "dropout and add",
                () -> {
                    if (dropped >= STEPS) x.handle().mul_(new Scalar(0));
                    else if (dropped > 0) {
                        Tensor mask = mask(x, dropped);
                        x.handle().mul_(mask.handle());
                        scaled(x, mask, dropped);
                    }
                    // Under autocast x has 16 bits and the residual 32: the sum has 32.
                    if (x.type() != residual.type()) return residual.add(x);
                    x.handle().add_(residual.handle());
                    return x;
                },
                x,
                residual);
    }

    /**
     * What to multiply {@code x} with; it stays in memory until the backward pass. In 16 bits 0 or 1/(1-p) in the type of
     * {@code x}; in 32 bits one byte an element, which saves a tenth of the activations for a few percent of this
     * operation, and {@link #scaled} scales.
     */
    private static Tensor mask(Tensor x, long dropped) {
        // The drawn bits are freed here, not at the end of the step.
        return Grad.off(() -> Scope.run(() -> {
            long elements = x.elements();
            org.bytedeco.pytorch.Tensor bits = torch.empty(
                            new long[] {(elements + 3) / 4}, new TensorOptions(ScalarType.Long), null)
                    .random_(Long.MIN_VALUE, new LongOptional())
                    .view(ScalarType.Short)
                    .narrow(0, 0, elements);
            // Shorts are signed: the lowest `dropped` of the 65,536 values are dropped.
            org.bytedeco.pytorch.Tensor kept =
                    bits.ge(new Scalar((int) (dropped - STEPS / 2))).view(x.shape());
            if (x.type().bytes() > 2) return Tensor.of(kept);
            return Tensor.of(kept.to(x.handle().scalar_type()).mul_(new Scalar(scale(dropped))));
        }));
    }

    private static Tensor scaled(Tensor masked, Tensor mask, long dropped) {
        if (mask.type() == DType.BOOL) masked.handle().mul_(new Scalar(scale(dropped)));
        return masked;
    }

    /** The exact inverse of the share that is kept. */
    private static double scale(long dropped) {
        return (double) STEPS / (STEPS - dropped);
    }
}
