package dev.attune.model;

import dev.attune.tensor.Tensor;

/**
 * A model that gives each token some scores: one for each label, or in question answering those of being the first and the
 * last token of the answer.
 */
public interface TokenScorer {
    /** @return logits (N, K), FLOAT32 */
    Tensor forward(Tokens tokens);
}
