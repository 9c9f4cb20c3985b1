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
        return Operation.guard("dropout", () -> scaled(x.mul(mask(x, dropped)), dropped));
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
                        x.handle().mul_(mask(x, dropped).handle());
                        scaled(x, dropped);
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
     * 1 where an element stays, 0 where it is dropped; it stays in memory until the backward pass. In 16 bits it has the
     * type of {@code x}; in 32 bits one byte an element, which saves a tenth of the activations for a few percent of this
     * operation.
     */
    private static Tensor mask(Tensor x, long dropped) {
        // The drawn bits are freed here, not at the end of the step.
        return Grad.off(() -> Scope.run(() -> {
            long elements = x.elements();
            org.bytedeco.pytorch.Tensor bits = torch.empty(
                            new long[] {(elements + 3) / 4}, new TensorOptions(ScalarType.Long), null)
                    .random_(Long.MIN_VALUE, new LongOptional())
                    .view(ScalarType.Short)
                    .narrow(0, 0, elements)
                    .view(x.shape());
            // Shorts are signed: the lowest `dropped` of the 65,536 values are dropped.
            Scalar lowestKept = new Scalar((int) (dropped - STEPS / 2));
            // From shorts to another 16 bits is a quarter of the time of from bytes.
            return Tensor.of(
                    x.type().bytes() > 2
                            ? bits.ge(lowestKept)
                            : bits.ge_(lowestKept).to(x.handle().scalar_type()));
        }));
    }

    /**
     * Scales in place. The scale is not part of a mask of 16 bits, which would round it, and is handed over as a tensor: a
     * factor of libtorch's that comes second, and only there, stays in 32 bits, and {@code mul_(Scalar)} puts it first.
     */
    private static Tensor scaled(Tensor masked, long dropped) {
        org.bytedeco.pytorch.Tensor factor =
                torch.scalar_tensor(new Scalar(scale(dropped)), new TensorOptions(ScalarType.Double));
        masked.handle().mul_(factor);
        return masked;
    }

    /** The exact inverse of the share that is kept. */
    private static double scale(long dropped) {
        return (double) STEPS / (STEPS - dropped);
    }
}
