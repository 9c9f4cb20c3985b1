package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.data.Dataset;
import dev.attune.error.DataException;
import dev.attune.task.Pipeline;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares answers with the labels of a column. Whoever predicts wants answers first: a row without a label is left out, and
 * a label that the model does not have costs the metrics, not the answers.
 */
final class AnswerScorer implements Pipeline.Scorer<TextAnswer> {
    private final String column;
    private final Labels.Reader reader;
    private final LabelMetrics metrics;
    private int rows;
    private int labelled;
    private @Nullable String wrong;

    AnswerScorer(Labels labels, Dataset data, String column) {
        this.column = column;
        this.reader = labels.reader(data, column);
        this.metrics = LabelMetrics.of(labels, null, null);
    }

    @Override
    public void add(TextAnswer answer, int row) {
        rows++;
        if (wrong != null || !reader.has(row)) return;
        Labels.Value value;
        try {
            value = reader.read(row);
        } catch (DataException e) {
            wrong = e.getMessage();
            return;
        }
        labelled++;
        int[] one = {1};
        metrics.add(
                new Batch(one, one, one, value.classes(), one, value.targets(), new int[] {row}, new long[1]),
                answer.logits());
    }

    @Override
    public Map<String, Double> results() {
        return wrong != null || labelled == 0 ? Map.of() : metrics.results();
    }

    @Override
    public List<String> notes() {
        if (wrong != null) return List.of("There are no metrics: " + wrong);
        if (labelled == rows) return List.of();
        if (labelled == 0) return List.of("There are no metrics: no row has a label in column \"" + column + "\".");
        return List.of(String.format(
                Locale.ROOT,
                "The metrics are of the %,d of %,d rows that have a label in column \"%s\".",
                labelled,
                rows,
                column));
    }
}
