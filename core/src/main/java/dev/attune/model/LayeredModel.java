package dev.attune.model;

import dev.attune.tensor.Tensor;
import java.util.function.Supplier;

/** A model whose body is layers on embeddings, which can be run in two parts: those below once, those above many times. */
public interface LayeredModel {
    /** Number of layers above the embeddings. */
    int layers();

    /** C: numbers of a hidden state. */
    int width();

    /**
     * What the embeddings and the first layers make of tokens.
     *
     * @param layers how many
     * @return hidden states (rows of the layout, C)
     */
    Tensor lower(Tokens tokens, int layers);

    /**
     * Runs passes of this model that begin above some layers, with what those made before.
     *
     * @param lower what takes the place of embeddings and first layers while {@code passes} runs
     */
    <T> T above(LowerStates lower, Supplier<T> passes);
}
