package dev.attune.task;

import dev.attune.data.Batch;
import dev.attune.model.PretrainedModel;
import dev.attune.tensor.Tensor;
import java.util.Map;

/** What a training loop needs to know of a task. Implementations never open or close a scope. */
public interface TrainableTask {
    PretrainedModel model();

    /** Logits of a packed batch. */
    Tensor forward(Batch batch);

    /** Sum of the losses of all supervised items: a scalar, FLOAT32. */
    Tensor lossSum(Tensor logits, Batch batch, double labelSmoothing);

    /**
     * Number of supervised items in a batch, by which the sum of losses is divided to get the mean. Over an accumulation
     * group the divisor is the sum of all its batches.
     */
    int items(Batch batch);

    /** Fresh metrics for one pass over an evaluation set; memory does not grow with the set. */
    Evaluation evaluation();

    /** Gathers what the metrics need, batch by batch. */
    interface Evaluation {
        void add(Tensor logits, Batch batch);

        /** Values by their Hugging Face names without prefix: {@code accuracy}, {@code f1_macro}. */
        Map<String, Double> results();
    }
}
