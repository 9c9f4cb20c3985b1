package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.metric.MultiLabelMetrics;
import dev.attune.task.Artifact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Any number of labels a row: each label is a question of its own. */
final class SeveralLabelMetrics implements LabelMetrics {
    private final List<String> labels;
    private final MultiLabelMetrics metrics;

    SeveralLabelMetrics(List<String> labels) {
        this.labels = labels;
        this.metrics = new MultiLabelMetrics(labels.size());
    }

    @Override
    public void add(Batch batch, float[] logits) {
        metrics.add(batch.targets(), logits);
    }

    @Override
    public Map<String, Double> results() {
        return metrics.compute();
    }

    @Override
    public List<Artifact> artifacts() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            rows.add(List.of(
                    labels.get(label),
                    metrics.precision(label),
                    metrics.recall(label),
                    metrics.f1(label),
                    metrics.support(label)));
        }
        return List.of(new Artifact.Table(
                "labels", "Each label", List.of("label", "precision", "recall", "f1-score", "support"), rows, false));
    }
}
