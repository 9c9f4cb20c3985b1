package dev.attune.nn;

import dev.attune.tensor.Tensor;

/** {@code y = x·Wᵀ + b}; {@code weight} (out, in), {@code bias} (out). */
public final class Linear extends NeuralModule {
    public final Parameter weight;
    public final Parameter bias;

    public Linear(int in, int out, double initializerRange) {
        weight = param("weight", Init.normal(initializerRange), out, in);
        bias = param("bias", Init.ZEROS, out);
    }

    /** x (…, in) to (…, out). */
    public Tensor forward(Tensor x) {
        return seen(x.linear(weight.inProducts(), bias.inProducts()));
    }
}
