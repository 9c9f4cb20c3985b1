package dev.attune.model;

import dev.attune.tensor.Tensor;

/** A model that gives each sequence a score for each label. */
public interface SequenceClassifier {
    /** @return logits (B, K), FLOAT32 */
    Tensor forward(Tokens tokens);

    /** Writes {@code problem_type} into the config that is saved. */
    void problemType(String type);
}
