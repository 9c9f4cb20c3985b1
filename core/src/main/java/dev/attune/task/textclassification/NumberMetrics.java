package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.metric.RegressionMetrics;
import dev.attune.task.Artifact;
import dev.attune.task.WorstRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A number a row: how far the model's numbers lie from the true ones. */
final class NumberMetrics implements LabelMetrics {
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
