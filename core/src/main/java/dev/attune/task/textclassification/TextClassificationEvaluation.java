package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.task.Artifact;
import dev.attune.task.Evaluation;
import dev.attune.task.RowLoss;
import dev.attune.task.TaskOptions;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One pass over a labelled set: losses of the rows, metrics, and what a caller's own functions want. */
final class TextClassificationEvaluation implements Evaluation {
    private final TextClassificationTask task;
    private final LabelMetrics metrics;
    private final TaskOptions options;
    private final KeptPredictions kept = new KeptPredictions();

    TextClassificationEvaluation(TextClassificationTask task, LabelMetrics metrics, TaskOptions options) {
        this.task = task;
        this.metrics = metrics;
        this.options = options;
    }

    @Override
    public RowLoss add(Batch batch) {
        Tensor output = task.forward(batch); // (B, K)
        float[] logits = output.toFloats();
        metrics.add(batch, logits);
        if (options.computeMetrics() != null) kept.add(batch, logits);
        var own = options.computeLoss();
        if (own == null) return LabelLosses.of(task.labels(), batch, logits, task.loss());
        // Of a caller's function only the sum over the batch is known.
        double[] sums = new double[batch.size()];
        double[] weights = new double[batch.size()];
        Arrays.fill(sums, own.sum(output, batch).item() / batch.size());
        Arrays.fill(weights, task.weight(batch) / batch.size());
        return new RowLoss(sums, weights);
    }

    @Override
    public Map<String, Double> results() {
        Map<String, Double> results = new LinkedHashMap<>(metrics.results());
        var own = options.computeMetrics();
        if (own != null) {
            results.putAll(own.compute(kept.predictions(task.labels().names().size())));
        }
        return results;
    }

    @Override
    public List<String> notes() {
        return metrics.notes();
    }

    @Override
    public List<Artifact> artifacts() {
        return metrics.artifacts();
    }
}
