package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.metric.ClassificationMetrics;
import dev.attune.metric.Confusion;
import dev.attune.task.Artifact;
import dev.attune.task.LabelDoubts;
import dev.attune.task.RowTexts;
import dev.attune.task.Scores;
import dev.attune.task.WorstRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One label a row: counts of true labels against predicted ones, the rows of the highest loss, and what is doubtful. */
final class ClassMetrics implements LabelMetrics {
    private final List<String> labels;
    private final Confusion confusion;
    private final WorstRows worst;
    private final LabelDoubts doubts;

    ClassMetrics(List<String> labels, RowTexts texts) {
        this.labels = labels;
        this.confusion = new Confusion(labels.size());
        this.worst = new WorstRows(texts);
        this.doubts = new LabelDoubts(labels, texts, null);
    }

    @Override
    public void add(Batch batch, float[] logits) {
        int classes = labels.size();
        for (int i = 0; i < batch.size(); i++) {
            int at = i * classes;
            int row = batch.rows()[i];
            int label = batch.labels()[i];
            int best = Scores.best(logits, at, classes);
            double[] scores = Scores.softmax(logits, at, classes);
            double loss = Scores.crossEntropy(logits, at, classes, label, 0);
            confusion.add(label, best);
            doubts.add(row, 0, label, scores, best);
            // A label that is more likely than not is no bad example, even where there are no worse ones.
            if (scores[label] > 0.5) continue;
            worst.add(loss, row, labels.get(label), labels.get(best), scores[best], loss);
        }
    }

    @Override
    public Map<String, Double> results() {
        return new ClassificationMetrics(confusion).compute();
    }

    @Override
    public List<String> notes() {
        int real = 0;
        int answer = -1;
        long total = confusion.total();
        for (int label = 0; label < labels.size(); label++) {
            if (confusion.support(label) > 0) real++;
            if (confusion.predicted(label) == total) answer = label;
        }
        if (total < MANY || answer < 0 || real < 2) return List.of();
        return List.of(String.format(
                Locale.ROOT,
                "All %,d rows get the label \"%s\", but they have %d different ones%s",
                total,
                labels.get(answer),
                real,
                CONSTANT));
    }

    @Override
    public List<Artifact> artifacts() {
        List<Artifact> artifacts = new ArrayList<>();
        artifacts.add(new Artifact.Matrix("confusion", "Confusion matrix", confusion, labels));
        artifacts.addAll(doubts.artifacts());
        worst.table("worst", "Worst examples by loss", List.of("label", "predicted", "score", "loss"))
                .ifPresent(artifacts::add);
        return artifacts;
    }
}
