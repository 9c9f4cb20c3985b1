package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.metric.RegressionMetrics;
import dev.attune.task.Artifact;
import dev.attune.task.WorstRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A number a row: how far the model's numbers lie from the true ones. */
final class NumberMetrics implements LabelMetrics {
    /** Numbers within so small a share of what they should range over are one number. */
    private static final double CONSTANT_SHARE = 0.01;

    private final RegressionMetrics metrics = new RegressionMetrics();
    private final WorstRows worst;

    NumberMetrics(WorstRows worst) {
        this.worst = worst;
    }

    @Override
    public void add(Batch batch, float[] logits) {
        metrics.add(batch.targets(), logits);
        for (int i = 0; i < batch.size(); i++) {
            double target = batch.targets()[i];
            double predicted = logits[i];
            worst.add(Math.abs(predicted - target), batch.rows()[i], target, predicted);
        }
    }

    @Override
    public Map<String, Double> results() {
        return metrics.compute();
    }

    @Override
    public List<String> notes() {
        double[] predictions = metrics.predictions();
        double spread = spread(metrics.targets());
        if (predictions.length < MANY || !(spread(predictions) < CONSTANT_SHARE * spread)) return List.of();
        return List.of(String.format(
                Locale.ROOT,
                "All %,d rows get about the same number, %.4g, but theirs differ%s",
                predictions.length,
                predictions[0],
                CONSTANT));
    }

    private static double spread(double[] numbers) {
        DoubleSummaryStatistics range = Arrays.stream(numbers).summaryStatistics();
        return range.getMax() - range.getMin();
    }

    @Override
    public List<Artifact> artifacts() {
        List<Artifact> artifacts = new ArrayList<>();
        artifacts.add(new Artifact.Points(
                "predicted",
                "Predicted against true numbers",
                "true",
                "predicted",
                metrics.targets(),
                metrics.predictions(),
                true));
        worst.table("errors", "Largest errors", List.of("true", "predicted")).ifPresent(artifacts::add);
        return artifacts;
    }
}
