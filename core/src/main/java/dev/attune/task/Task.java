package dev.attune.task;

import dev.attune.data.Batch;
import dev.attune.model.PretrainedModel;
import dev.attune.tensor.Tensor;

/**
 * A task on a model: what a training loop needs to know of it. Implementations never open or close a scope; whoever turns
 * the loop does.
 */
public interface Task extends ExampleClasses {
    PretrainedModel model();

    /**
     * What the sum of the losses of a batch is divided by to get the mean: the number of labels, or the sum of their
     * weights; 0 if there is none. Over an accumulation group the divisor is the sum of all its batches.
     */
    double weight(Batch batch);

    /** Sum of the losses of all labels in a batch: a scalar, FLOAT32, ready for {@code backward}. */
    Tensor lossSum(Batch batch);

    /**
     * The mean loss of this batch for a model to which all answers are equally likely: the logarithm of their number. A first
     * loss that is far above it, or one that stays there, is worth a word to the user. Not a number where there is no such loss.
     */
    default double chanceLoss(Batch batch) {
        return Double.NaN;
    }

    /**
     * How many tokens are computed at once where there are no gradients; fewer where each token has many outputs, such as
     * one for each word of a vocabulary.
     */
    default int batchTokens() {
        return ForwardPass.BATCH_TOKENS;
    }

    /**
     * Fresh metrics for one pass over an evaluation set.
     *
     * @param set what is evaluated: {@link Batch#rows} are places among its examples
     */
    Evaluation evaluation(EvaluationSet set);
}
