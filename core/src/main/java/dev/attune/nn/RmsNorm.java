package dev.attune.nn;

import dev.attune.tensor.Tensor;

/** {@code w·x / √(mean(x²) + ε)} over the last dimension: no mean is taken away, and no bias added (Zhang, Sennrich 2019, arXiv 1910.07467). */
public final class RmsNorm extends NeuralModule {
    private final Parameter weight;
    private final double epsilon;

    public RmsNorm(int size, double epsilon) {
        this.weight = param("weight", Init.ONES, size);
        this.epsilon = epsilon;
    }

    public Tensor forward(Tensor x) {
        return seen(x.rmsNorm(weight.value(), epsilon));
    }

    @Override
    boolean isNorm() {
        return true;
    }
}
