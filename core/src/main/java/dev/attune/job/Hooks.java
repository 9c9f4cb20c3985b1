package dev.attune.job;

import dev.attune.task.TaskOptions.LossFunction;
import dev.attune.task.TaskOptions.MetricsFunction;
import org.jspecify.annotations.Nullable;

/**
 * Functions of the caller that take part in a training: what Hugging Face's {@code Trainer} takes as {@code
 * compute_loss_func} and {@code compute_metrics}.
 *
 * @param computeLoss takes the place of the task's loss; null for the task's own
 * @param computeMetrics adds metrics to those of the task; null for none
 */
public record Hooks(
        @Nullable LossFunction computeLoss, @Nullable MetricsFunction computeMetrics) {
    /** No functions. */
    public static final Hooks NONE = new Hooks(null, null);

    /** The same with another loss. */
    public Hooks withLoss(LossFunction function) {
        return new Hooks(function, computeMetrics);
    }

    /** The same with metrics beside those of the task. */
    public Hooks withMetrics(MetricsFunction function) {
        return new Hooks(computeLoss, function);
    }
}
