package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.metric.Calibration;
import dev.attune.metric.MultiLabelMetrics;
import dev.attune.task.Artifact;
import dev.attune.task.RowTexts;
import dev.attune.task.Scores;
import dev.attune.task.WorstRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Any number of labels a row: each label is a question of its own, with the answer yes or no. */
final class SeveralLabelMetrics implements LabelMetrics {
    private final List<String> labels;
    private final MultiLabelMetrics metrics;
    private final Calibration calibration = new Calibration();
    private final WorstRows worst;
    private int rows;
    /** Of the first row; null as soon as another row has others. */
    private @Nullable String firstTruth = "";

    private @Nullable String firstPredicted = "";

    SeveralLabelMetrics(List<String> labels, RowTexts texts) {
        this.labels = labels;
        this.metrics = new MultiLabelMetrics(labels.size());
        this.worst = new WorstRows(texts);
    }

    @Override
    public void add(Batch batch, float[] logits) {
        float[] targets = batch.targets();
        metrics.add(targets, logits);
        int classes = labels.size();
        for (int i = 0; i < batch.size(); i++) {
            int at = i * classes;
            double[] scores = Scores.sigmoid(logits, at, classes);
            double loss = 0;
            for (int k = 0; k < classes; k++) {
                boolean said = logits[at + k] > 0;
                calibration.add(said ? scores[k] : 1 - scores[k], said == (targets[at + k] == 1));
                loss += LabelLosses.binary(logits[at + k], targets[at + k]) / classes;
            }
            String truth = names(k -> targets[at + k] == 1);
            String predicted = names(k -> logits[at + k] > 0);
            if (rows++ == 0) {
                firstTruth = truth;
                firstPredicted = predicted;
            }
            if (!truth.equals(firstTruth)) firstTruth = null;
            if (!predicted.equals(firstPredicted)) firstPredicted = null;
            if (!truth.equals(predicted)) worst.add(loss, batch.rows()[i], truth, predicted, loss);
        }
    }

    private String names(IntPredicate has) {
        return IntStream.range(0, labels.size())
                .filter(has)
                .mapToObj(labels::get)
                .collect(Collectors.joining(", "));
    }

    @Override
    public Map<String, Double> results() {
        return metrics.compute();
    }

    @Override
    public List<String> notes() {
        if (rows < MANY || firstTruth != null || firstPredicted == null) return List.of();
        return List.of(String.format(
                Locale.ROOT,
                firstPredicted.isEmpty()
                        ? "None of %,d rows gets a label, but they have some%s"
                        : "All %,d rows get the same labels, but they have different ones%s",
                rows,
                CONSTANT));
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
        List<Artifact> artifacts = new ArrayList<>();
        artifacts.add(new Artifact.Table(
                "labels", "Each label", List.of("label", "precision", "recall", "f1-score", "support"), rows, false));
        if (calibration.total() > 0) artifacts.add(Artifact.Reliability.of(calibration));
        worst.table("worst", "Worst examples by loss", List.of("labels", "predicted", "loss"))
                .ifPresent(artifacts::add);
        return artifacts;
    }
}
