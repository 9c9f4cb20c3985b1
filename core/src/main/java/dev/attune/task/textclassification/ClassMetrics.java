package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.metric.ClassificationMetrics;
import dev.attune.metric.Confusion;
import dev.attune.task.Artifact;
import dev.attune.task.Scores;
import dev.attune.task.WorstRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One label a row: counts of true labels against predicted ones, and the mistakes the model was surest of. */
final class ClassMetrics implements LabelMetrics {
    private final List<String> labels;
    private final Confusion confusion;
    private final WorstRows worst;

    ClassMetrics(List<String> labels, WorstRows worst) {
        this.labels = labels;
        this.confusion = new Confusion(labels.size());
        this.worst = worst;
    }

    @Override
    public void add(Batch batch, float[] logits) {
        int classes = labels.size();
        for (int i = 0; i < batch.size(); i++) {
            int best = Scores.best(logits, i * classes, classes);
            int label = batch.labels()[i];
            confusion.add(label, best);
            if (best == label) continue;
            double sure = Scores.softmax(logits, i * classes, classes)[best];
            worst.add(sure, batch.rows()[i], labels.get(label), labels.get(best), sure);
        }
    }

    @Override
    public Map<String, Double> results() {
        return new ClassificationMetrics(confusion).compute();
    }

    @Override
    public List<Artifact> artifacts() {
        List<Artifact> artifacts = new ArrayList<>();
        artifacts.add(new Artifact.Matrix("confusion", "Confusion matrix", confusion, labels));
        worst.table("mistakes", "Mistakes the model was surest of", List.of("label", "predicted", "score"))
                .ifPresent(artifacts::add);
        return artifacts;
    }
}
