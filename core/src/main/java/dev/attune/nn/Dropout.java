package dev.attune.nn;

import dev.attune.tensor.DropoutKernel;
import dev.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Zeroes values with probability p while training and scales the rest by 1/(1-p) (Srivastava et al. 2014). Which values is
 * decided by the name of this module, the key of the row and the place in the row: the same in any batch, on any number of
 * threads, and when a pass is computed again.
 */
public final class Dropout extends NeuralModule {
    private final double p;

    public Dropout(double p) {
        this.p = p;
    }

    /**
     * @param x (R, C)
     * @param keys of its rows; of more rows, then those of the first are taken
     */
    public Tensor forward(Tensor x, DropoutKeys keys) {
        return drops() ? DropoutKernel.apply(x, p, keys.first(x.size(0)), site()) : x;
    }

    /**
     * {@code residual + forward(x, keys)}, in the memory of {@code x}: for the output of a linear layer, which nobody else
     * needs.
     */
    public Tensor addTo(Tensor residual, Tensor x, DropoutKeys keys) {
        return drops()
                ? DropoutKernel.addTo(residual, x, p, keys.first(x.size(0)), site())
                : DropoutKernel.add(residual, x);
    }

    /**
     * @param shares (B, H, Q, T): what each of Q tokens takes from each of T
     * @param keys (B, 1, Q, 1): of the Q tokens
     */
    Tensor forwardShares(Tensor shares, @Nullable Tensor keys) {
        return drops() ? DropoutKernel.apply(shares, p, DropoutKeys.required(keys), site()) : shares;
    }

    private boolean drops() {
        return DropoutKernel.drops(probability());
    }

    /** The probability in force: 0 outside training. */
    public double probability() {
        return training() ? p : 0;
    }
}
