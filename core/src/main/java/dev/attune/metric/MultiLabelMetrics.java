package dev.attune.metric;

import dev.attune.error.DataException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Scores for rows that may carry any number of K labels. A label is predicted where its logit is above 0 (probability
 * above one half), the rule of Hugging Face's {@code run_classification.py}. Definitions are scikit-learn's with
 * {@code zero_division=0}; the macro average runs over all K labels, as it does there for indicator matrices.
 *
 * <p>{@code compute()} gives {@code f1_micro}, {@code f1_macro} and {@code subset_accuracy} (rows with every label
 * right).
 */
public final class MultiLabelMetrics implements Metric {
    private final long[] hits;
    private final long[] predicted;
    private final long[] support;
    private long rows;
    private long exact;

    /** @param labels K */
    public MultiLabelMetrics(int labels) {
        if (labels < 1) throw new DataException("Multi-label metrics need at least 1 label, not " + labels + ".");
        hits = new long[labels];
        predicted = new long[labels];
        support = new long[labels];
    }

    /**
     * Counts one row or a row-major batch of them.
     *
     * @param targets (B x K) 1 where the label holds, else 0
     * @param logits (B x K) raw model output
     */
    public void add(float[] targets, float[] logits) {
        int labels = support.length;
        if (targets.length != logits.length || targets.length % labels != 0) {
            throw new DataException("A batch has " + targets.length + " targets and " + logits.length
                    + " logits; both must be rows of " + labels + " labels.");
        }
        for (int start = 0; start < targets.length; start += labels) {
            boolean allRight = true;
            for (int c = 0; c < labels; c++) {
                float target = targets[start + c];
                if (target != 0 && target != 1) {
                    throw new DataException(
                            "A multi-label target is " + target + " for label " + c + "; it must be 0 or 1.");
                }
                boolean is = target == 1, said = logits[start + c] > 0;
                if (is) support[c]++;
                if (said) predicted[c]++;
                if (is && said) hits[c]++;
                allRight &= is == said;
            }
            rows++;
            if (allRight) exact++;
        }
    }

    /** Share of the predictions of a label that are right; 0 if it is never predicted. */
    public double precision(int label) {
        return ClassificationMetrics.ratio(hits[label], predicted[label]);
    }

    /** Share of the rows with a label that were found; 0 if it does not occur. */
    public double recall(int label) {
        return ClassificationMetrics.ratio(hits[label], support[label]);
    }

    /** Rows that have a label. */
    public long support(int label) {
        return support[label];
    }

    /** F1 of one label; 0 if it neither occurs nor is predicted. */
    public double f1(int label) {
        return ClassificationMetrics.ratio(2 * hits[label], support[label] + predicted[label]);
    }

    @Override
    public Map<String, Double> compute() {
        Rows.require(rows);
        long allHits = 0, allPositives = 0;
        double sum = 0;
        for (int c = 0; c < support.length; c++) {
            allHits += hits[c];
            allPositives += support[c] + predicted[c];
            sum += f1(c);
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("f1_micro", ClassificationMetrics.ratio(2 * allHits, allPositives));
        values.put("f1_macro", sum / support.length);
        values.put("subset_accuracy", (double) exact / rows);
        return values;
    }
}
