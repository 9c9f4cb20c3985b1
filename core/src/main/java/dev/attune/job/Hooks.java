package dev.attune.job;

import dev.attune.optim.Optimizer;
import dev.attune.optim.ParameterGroups;
import dev.attune.task.TaskOptions.LossFunction;
import dev.attune.task.TaskOptions.MetricsFunction;
import dev.attune.train.TrainerControl;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What of the caller takes part in a training: functions, which Hugging Face's {@code Trainer} takes as {@code
 * compute_loss_func} and {@code compute_metrics}, an optimizer, and a control.
 *
 * @param computeLoss takes the place of the task's loss; null for the task's own
 * @param computeMetrics adds metrics to those of the task; null for none
 * @param optimizer makes one in place of the one that {@code optim} names; null for that
 * @param control asks for something while the training runs, from any thread
 */
public record Hooks(
        @Nullable LossFunction computeLoss,
        @Nullable MetricsFunction computeMetrics,
        @Nullable Function<ParameterGroups, ? extends Optimizer> optimizer,
        @Nullable TrainerControl control) {
    /** Nothing. */
    public static final Hooks NONE = new Hooks(null, null, null, null);

    /** The same with another loss. */
    public Hooks withLoss(LossFunction function) {
        return new Hooks(function, computeMetrics, optimizer, control);
    }

    /** The same with metrics beside those of the task. */
    public Hooks withMetrics(MetricsFunction function) {
        return new Hooks(computeLoss, function, optimizer, control);
    }

    /** The same with another optimizer; a run that goes on needs it again. */
    public Hooks withOptimizer(Function<ParameterGroups, ? extends Optimizer> factory) {
        return new Hooks(computeLoss, computeMetrics, factory, control);
    }

    /** The same with a control. */
    public Hooks withControl(TrainerControl control) {
        return new Hooks(computeLoss, computeMetrics, optimizer, control);
    }
}
