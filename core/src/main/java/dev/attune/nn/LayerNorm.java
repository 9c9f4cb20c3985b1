package dev.attune.nn;

import dev.attune.tensor.Tensor;

/** Layer normalisation over the last dimension (Ba et al. 2016, arXiv 1607.06450). */
public final class LayerNorm extends NeuralModule {
    private final Parameter weight;
    private final Parameter bias;
    private final double epsilon;

    public LayerNorm(int size, double epsilon) {
        this.weight = param("weight", Init.ONES, size);
        this.bias = param("bias", Init.ZEROS, size);
        this.epsilon = epsilon;
    }

    public Tensor forward(Tensor x) {
        return seen(x.layerNorm(weight.value(), bias.value(), epsilon));
    }

    @Override
    boolean isNorm() {
        return true;
    }
}
