package dev.attune.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Inverted dropout whose masks are computed, not drawn: element {@code c} of a row depends on the key of the row, the place
 * in the model and {@code c} alone. Neither what else is in the batch, nor where the row stands in it, nor the number of
 * threads changes a mask, and all cores compute it; libtorch's generator draws on one.
 *
 * <p>One product of 64 bits serves four elements, 16 bits each. The probability is therefore a multiple of 2^-16, and the
 * scale is the exact inverse of the probability that is really used. The numbers are key times column, both odd and well
 * mixed ({@link SplitMix64}), folded and multiplied once more, so that the low bits are as good as the high ones.
 */
public final class DropoutKernel {
    private static final int STEPS = 1 << 16;

    private DropoutKernel() {}

    /** Whether anything is dropped: below half of 2^-16 nothing is. */
    public static boolean drops(double p) {
        return dropped(p) > 0;
    }

    private static long dropped(double p) {
        return Math.round(p * STEPS);
    }

    /**
     * Zeroes each element of {@code x} with probability {@code p} and scales the others by 1/(1-p).
     *
     * @param keys odd INT64 numbers in the shape of {@code x}, but with 1 as the last dimension: one for each row. Another
     *     dimension may be 1 too: its elements share a key, and are told apart by their number, as those of the last are
     * @param site where in the model this is
     */
    public static Tensor apply(Tensor x, double p, Tensor keys, long site) {
        long dropped = dropped(p);
        if (dropped <= 0) return x;
        if (dropped >= STEPS) return x.mul(0);
        return Operation.guard("dropout", () -> scaled(x.mul(mask(x, dropped, keys, site)), dropped), x, keys);
    }

    /**
     * {@code residual + apply(x, p, keys, site)} in the memory of {@code x}, which is used up: two large tensors fewer in
     * every layer. {@code x} has to be fresh from an operation that does not need its result again, such as a linear layer.
     */
    public static Tensor addTo(Tensor residual, Tensor x, double p, Tensor keys, long site) {
        long dropped = dropped(p);
        return Operation.guard(
                "dropout and add",
                () -> {
                    if (dropped >= STEPS) x.handle().mul_(new Scalar(0));
                    else if (dropped > 0) {
                        x.handle().mul_(mask(x, dropped, keys, site).handle());
                        scaled(x, dropped);
                    }
                    return add(residual, x);
                },
                x,
                residual,
                keys);
    }

    /** {@code residual + x}, in the memory of {@code x} where that has the type of the sum. */
    public static Tensor add(Tensor residual, Tensor x) {
        // Under autocast x has 16 bits and the residual 32: the sum has 32.
        if (x.type() != residual.type()) return residual.add(x);
        x.handle().add_(residual.handle());
        return x;
    }

    /**
     * 1 where an element stays, 0 where it is dropped; it stays in memory until the backward pass. In 16 bits it has the
     * type of {@code x}; in 32 bits one byte an element, which saves a tenth of the activations for a few percent of this
     * operation.
     */
    private static Tensor mask(Tensor x, long dropped, Tensor keys, long site) {
        // The bits are freed here, not at the end of the step.
        return Grad.off(() -> Scope.run(() -> {
            org.bytedeco.pytorch.Tensor bits = bits(x, keys, site);
            // Shorts are signed: the lowest `dropped` of the 65,536 values are dropped.
            Scalar lowestKept = new Scalar((int) (dropped - STEPS / 2));
            // From shorts to another 16 bits is a quarter of the time of from bytes.
            return Tensor.of(
                    x.type().bytes() > 2
                            ? bits.ge(lowestKept)
                            : bits.ge_(lowestKept).to(x.handle().scalar_type()));
        }));
    }

    /** A random number for each element of {@code x}, any of the 65,536 shorts; in the current scope. */
    static org.bytedeco.pytorch.Tensor bits(Tensor x, Tensor keys, long site) {
        org.bytedeco.pytorch.Tensor words =
                keys.handle().mul(columns(x, keys, site).handle());
        words.bitwise_xor_(words.bitwise_right_shift(new Scalar(32)));
        words.mul_(new Scalar(SplitMix64.FACTOR));
        int last = x.shape().length - 1;
        return words.view(ScalarType.Short).narrow(last, 0, x.size(last));
    }

    /**
     * What a key is multiplied with: an odd number for four neighbours of a row. Number {@code j} of a row is the same
     * however long the row is, so padding changes nothing.
     */
    private static Tensor columns(Tensor x, Tensor keys, long site) {
        long[] shape = x.shape();
        int words = (int) ((shape[shape.length - 1] + 3) / 4);
        int shared = 1;
        for (int d = 0; d < shape.length - 1; d++) {
            if (keys.size(d) == 1) shared = Math.multiplyExact(shared, (int) shape[d]);
            else shape[d] = 1;
        }
        shape[shape.length - 1] = words;
        long[] columns = new long[shared * words];
        for (int s = 0; s < shared; s++) {
            long stream = SplitMix64.at(site, s);
            for (int j = 0; j < words; j++) columns[s * words + j] = SplitMix64.at(stream, j) | 1;
        }
        return Tensor.ofLongs(columns, shape);
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
