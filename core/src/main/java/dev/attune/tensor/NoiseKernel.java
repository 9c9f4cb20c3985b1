package dev.attune.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Uniform noise that is computed, not drawn, as the masks of {@link DropoutKernel}: the same in any batch. */
public final class NoiseKernel {
    private static final double HALF = 1 << 15;

    private NoiseKernel() {}

    /**
     * {@code x} plus a number for each element, evenly between the negative and the positive bound of its row; 65,536 different
     * ones. The gradient is that of {@code x}.
     *
     * @param x (R, C)
     * @param bounds (R, 1)
     * @param keys odd INT64 numbers (R, 1)
     * @param site where in the model this is
     */
    public static Tensor add(Tensor x, Tensor bounds, Tensor keys, long site) {
        return Operation.guard(
                "noise",
                () -> {
                    Tensor noise = Grad.off(() -> Scope.run(() -> {
                        org.bytedeco.pytorch.Tensor numbers =
                                DropoutKernel.bits(x, keys, site).to(ScalarType.Float);
                        // From the middle of the lowest short to the middle of the highest: the mean is 0.
                        numbers.add_(new Scalar(0.5)).mul_(new Scalar(1 / HALF));
                        return Tensor.of(numbers.mul_(bounds.handle()));
                    }));
                    return x.add(noise);
                },
                x,
                bounds,
                keys);
    }
}
