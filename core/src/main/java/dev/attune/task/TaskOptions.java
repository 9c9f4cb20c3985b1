package dev.attune.task;

import dev.attune.data.Batch;
import dev.attune.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of loss and metrics, whatever the task.
 *
 * @param labelSmoothing share of the target that is spread over all classes, 0 to 1
 * @param computeLoss takes the place of the task's loss; null for the task's own
 * @param computeMetrics adds metrics to those of the task; null for none
 */
public record TaskOptions(
        double labelSmoothing,
        @Nullable LossFunction computeLoss,
        @Nullable MetricsFunction computeMetrics) {
    /** The task's own loss and metrics, without label smoothing. */
    public static final TaskOptions DEFAULT = new TaskOptions(0, null, null);

    /** Hugging Face's {@code compute_loss_func}. */
    @FunctionalInterface
    public interface LossFunction {
        /**
         * @param logits what the head gives: {@code (B, K)} for a classification of sequences, FLOAT32
         * @param batch the labels, and all else that is known of the rows
         * @return the sum of the losses of the batch, a scalar; the trainer divides it by the {@linkplain Task#weight
         *     weight} of all batches of the step
         */
        Tensor sum(Tensor logits, Batch batch);
    }

    /** Hugging Face's {@code compute_metrics}. */
    @FunctionalInterface
    public interface MetricsFunction {
        /** Values by their names without prefix: {@code f1_of_spam}. */
        Map<String, Double> compute(Predictions predictions);
    }

    /**
     * All that an evaluation saw, in the order of the rows. It is kept for the sake of a {@link MetricsFunction} only: 4
     * bytes a value.
     *
     * @param logits {@code (rows, classes)}, row-major
     * @param classes values of one row in {@code logits}
     * @param labels class ids, one a row; empty if the problem has none
     * @param targets numbers, row-major; empty if the problem has none
     */
    public record Predictions(float[] logits, int classes, int[] labels, float[] targets) {
        /** Number of rows. */
        public int rows() {
            return logits.length / classes;
        }
    }
}
