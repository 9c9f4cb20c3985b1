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
    /** From this share of one label on, accuracy is mostly that label's. */
    private static final double LARGE = 0.75;
    /** Accuracy that is above the mean recall by this much hides labels that are not found. */
    private static final double FAR = 0.1;

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
        if (total < MANY || real < 2) return List.of();
        if (answer < 0) return accuracyMisleads();
        return List.of(String.format(
                Locale.ROOT,
                "All %,d rows get the label \"%s\", but they have %d different ones%s",
                total,
                labels.get(answer),
                real,
                CONSTANT));
    }

    /** A sentence if most rows have one label, and accuracy says little of the others. */
    private List<String> accuracyMisleads() {
        int largest = 0;
        for (int label = 1; label < labels.size(); label++) {
            if (confusion.support(label) > confusion.support(largest)) largest = label;
        }
        double share = (double) confusion.support(largest) / confusion.total();
        ClassificationMetrics values = new ClassificationMetrics(confusion);
        double accuracy = values.accuracy();
        double balanced = values.balancedAccuracy();
        if (share < LARGE || accuracy - balanced < FAR) return List.of();
        return List.of(String.format(
                Locale.ROOT,
                "Accuracy misleads here: it is %.3f, but to answer \"%s\" always has %.3f. Look at balanced_accuracy (%.3f),"
                        + " f1_macro (%.3f) and mcc (%.3f); class_weights or oversample may help.",
                accuracy,
                labels.get(largest),
                share,
                balanced,
                values.macro(values::f1),
                values.mcc()));
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
