package dev.attune.model;

import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Tensor;

/** A model that gives each sequence a score for each label. */
public interface SequenceClassifier {
    /**
     * @param ids (N) @param typeIds (N)
     * @return logits (B, K), FLOAT32
     */
    Tensor forward(Tensor ids, Tensor typeIds, SequenceLayout layout);

    /** Writes {@code problem_type} into the config that is saved. */
    void problemType(String type);
}
