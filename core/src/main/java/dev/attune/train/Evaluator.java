package dev.attune.train;

import dev.attune.data.BatchLoader;
import dev.attune.error.StoppedException;
import dev.attune.metric.RowLosses;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.ForwardPass;
import dev.attune.task.RowLoss;
import dev.attune.task.Task;
import dev.attune.tensor.DType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One pass over a labelled set without gradients. Memory grows by a few numbers a row, and by what a metric keeps. */
public final class Evaluator {
    private Evaluator() {}

    /** As {@link #evaluate(Task, EvaluationSet, int, DType, String, TrainerControl)}, up to its end. */
    public static Evaluated evaluate(Task task, EvaluationSet set, int batchSize, DType precision, String prefix) {
        return evaluate(task, set, batchSize, precision, prefix, new TrainerControl());
    }

    /**
     * Evaluates a task. Rows are computed in the order of their lengths, many at once; the numbers are those of batches of
     * {@code batchSize} in the order of the set.
     *
     * @param batchSize {@code per_device_eval_batch_size}
     * @param prefix of the names in the result, {@code eval_}
     * @throws StoppedException if {@code control} is cancelled
     */
    public static Evaluated evaluate(
            Task task, EvaluationSet set, int batchSize, DType precision, String prefix, TrainerControl control) {
        return evaluate(task, set, batchSize, precision, prefix, control, null);
    }

    /** @param lower prepared for the examples of the set; null if all layers are to be computed */
    static Evaluated evaluate(
            Task task,
            EvaluationSet set,
            int batchSize,
            DType precision,
            String prefix,
            TrainerControl control,
            @Nullable PrefixCache lower) {
        long start = System.nanoTime();
        int rows = set.examples().size();
        RowLosses losses = new RowLosses(rows);
        Evaluation evaluation = task.evaluation(set);
        task.model().train(false);
        new ForwardPass(task.batchTokens(), precision).each(set.examples(), batch -> {
            if (control.isCancelled()) throw new StoppedException("Stopped in an evaluation.");
            RowLoss loss = lower == null
                    ? evaluation.add(batch)
                    : lower.above(set.examples(), batch, () -> evaluation.add(batch));
            losses.add(batch.rows(), loss.sums(), loss.weights());
        });
        double seconds = (System.nanoTime() - start) / 1e9;
        Map<String, Double> results = new LinkedHashMap<>();
        results.put(prefix + "loss", losses.mean(batchSize));
        evaluation.results().forEach((name, value) -> results.put(prefix + name, value));
        results.put(prefix + "runtime", seconds);
        results.put(prefix + "samples_per_second", rows / seconds);
        results.put(prefix + "steps_per_second", BatchLoader.count(rows, batchSize, false) / seconds);
        return new Evaluated(results, evaluation.artifacts(), evaluation.notes());
    }
}
