package dev.attune.nn;

import dev.attune.tensor.Tensor;

/** Zeroes values with probability p while training and scales the rest by 1/(1-p). */
public final class Dropout extends NeuralModule {
    private final double p;

    public Dropout(double p) {
        this.p = p;
    }

    public Tensor forward(Tensor x) {
        return dev.attune.tensor.DropoutKernel.apply(x, probability());
    }

    /** {@code residual + forward(x)}, in the memory of {@code x}: for the output of a linear layer, which nobody else needs. */
    public Tensor addTo(Tensor residual, Tensor x) {
        return dev.attune.tensor.DropoutKernel.addTo(residual, x, probability());
    }

    /** The probability in force: 0 outside training. */
    public double probability() {
        return training() ? p : 0;
    }
}
