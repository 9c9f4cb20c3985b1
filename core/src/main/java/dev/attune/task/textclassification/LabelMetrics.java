package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.data.Dataset;
import dev.attune.task.Artifact;
import dev.attune.task.RowTexts;
import dev.attune.task.WorstRows;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Metrics of one kind of problem, and what a report can show of them. */
sealed interface LabelMetrics permits ClassMetrics, SeveralLabelMetrics, NumberMetrics {
    /** @param logits (B, K) row-major */
    void add(Batch batch, float[] logits);

    Map<String, Double> results();

    List<Artifact> artifacts();

    /** A sentence if all of many rows get the same answer though they should not. */
    List<String> notes();

    /** So few rows may have one answer by chance. */
    int MANY = 10;

    /** What a sentence about one answer for all rows ends with. */
    String CONSTANT =
            ": the model tells nothing apart. More steps, another learning_rate or rows in balance may help; the"
                    + " labels may not belong to their rows.";

    /** @param rows where the batches come from, with {@code columns}; null if reports cannot show texts */
    static LabelMetrics of(Labels labels, @Nullable Dataset rows, @Nullable TextColumns columns) {
        RowTexts texts = columns == null ? RowTexts.UNKNOWN : new RowTexts(rows, columns.texts());
        return switch (labels.problem()) {
            case SINGLE_LABEL_CLASSIFICATION -> new ClassMetrics(labels.names(), texts);
            case MULTI_LABEL_CLASSIFICATION -> new SeveralLabelMetrics(labels.names(), texts);
            case REGRESSION -> new NumberMetrics(new WorstRows(texts));
        };
    }
}
