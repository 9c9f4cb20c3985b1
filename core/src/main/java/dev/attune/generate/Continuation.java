package dev.attune.generate;

import dev.attune.tensor.Tensor;

/**
 * A model in the middle of some texts: gives the scores of the next token of each, and goes on with
 * those that are still wanted.
 *
 * <p>Both methods that give scores put them in the scope that is open when they are called, so that a
 * step's scores go with the step; what the model has to remember from step to step is its own, and goes
 * with {@link #close()}.
 */
public interface Continuation extends AutoCloseable {

    /** How many tokens there are to choose from: V. */
    int vocabulary();

    /** Scores (B, V), FLOAT32, of the first new token of each text; once, before {@link #next}. */
    Tensor first();

    /**
     * One token more: row i of the result goes on from row {@code parents[i]} of the last call, with
     * {@code tokens[i]}. Rows that nobody names are dropped; a row may be named several times (beams,
     * several sequences of one prompt).
     */
    Tensor next(int[] parents, int[] tokens);

    @Override
    void close();
}
