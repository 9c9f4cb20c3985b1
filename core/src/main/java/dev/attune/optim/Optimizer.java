package dev.attune.optim;

import dev.attune.checkpoint.Stateful;

/** Turns gradients into better parameters. Owns what it remembers of them; {@link #close()} frees it. */
public interface Optimizer extends Stateful, AutoCloseable {
    /**
     * Updates every parameter that has a gradient. The gradients may be changed on the way: they are used up.
     *
     * @param learningRate of this step; a group of parameters may take {@linkplain ParameterGroup#rateFactor a multiple} of it
     * @param gradientFactor multiplies every gradient first: the clipping coefficient, 1 for none
     */
    void step(double learningRate, double gradientFactor);

    @Override
    void close();
}
