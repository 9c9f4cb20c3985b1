package dev.attune.nn;

import dev.attune.tensor.Tensor;

/** What a family adds to the scores of attention, such as T5's distances. */
@FunctionalInterface
public interface ScoreBias {
    /**
     * The scores and more, in a tensor that nobody else needs.
     *
     * @param scores (B, H, Q, K), of sequences that begin at the first query and the first key
     */
    Tensor addTo(Tensor scores);
}
