package dev.attune.model;

import dev.attune.tensor.Tensor;

/** A model that gives each word of its vocabulary a score at the tokens that are asked for: what is hidden there, or what comes next. */
public interface LanguageModel {
    /**
     * @param rows (M) the tokens wanted, as rows of the packed batch: the product with the vocabulary is most of the work,
     *     and nobody reads it elsewhere
     * @return logits (M, V), FLOAT32
     */
    Tensor forward(Tokens tokens, Tensor rows);
}
