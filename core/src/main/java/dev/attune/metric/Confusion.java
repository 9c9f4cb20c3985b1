package dev.attune.metric;

import dev.attune.error.DataException;

/**
 * How often each true label met each predicted label: a K x K table of counts, which is all that accuracy, precision,
 * recall, F1 and MCC need. Memory is 8 K² bytes, whatever the number of rows.
 */
public final class Confusion {
    private final int classes;
    private final long[][] counts; // [label][predicted]

    /** @param classes K, the number of labels of the model; label ids are 0 to K-1 */
    public Confusion(int classes) {
        if (classes < 1) throw new DataException("A confusion matrix needs at least 1 label, not " + classes + ".");
        this.classes = classes;
        this.counts = new long[classes][classes];
    }

    /**
     * Counts one row.
     *
     * @param label the true label id
     * @param predicted the id the model chose
     * @throws DataException if an id is not within 0 to K-1
     */
    public void add(int label, int predicted) {
        counts[within(label, "True label")][within(predicted, "Predicted label")]++;
    }

    /** Counts a batch: two arrays of the same length. */
    public void add(int[] labels, int[] predicted) {
        if (labels.length != predicted.length) {
            throw new DataException("A batch has " + labels.length + " labels but " + predicted.length
                    + " predictions; there must be one prediction for each label.");
        }
        for (int i = 0; i < labels.length; i++) add(labels[i], predicted[i]);
    }

    /** K. */
    public int classes() {
        return classes;
    }

    /** Rows with this true label that were predicted as {@code predicted}. */
    public long count(int label, int predicted) {
        return counts[within(label, "True label")][within(predicted, "Predicted label")];
    }

    /** Rows with this true label. */
    public long support(int label) {
        long sum = 0;
        for (long count : counts[within(label, "True label")]) sum += count;
        return sum;
    }

    /** Rows predicted as this label. */
    public long predicted(int label) {
        int column = within(label, "Predicted label");
        long sum = 0;
        for (long[] row : counts) sum += row[column];
        return sum;
    }

    /** Whether the label occurs at all, as truth or as prediction. Others take no part in macro averages. */
    public boolean present(int label) {
        return support(label) > 0 || predicted(label) > 0;
    }

    /** Rows predicted right. */
    public long correct() {
        long sum = 0;
        for (int c = 0; c < classes; c++) sum += counts[c][c];
        return sum;
    }

    /** All rows. */
    public long total() {
        long sum = 0;
        for (long[] row : counts) for (long count : row) sum += count;
        return sum;
    }

    private int within(int id, String what) {
        if (id < 0 || id >= classes) {
            throw new DataException(
                    what + " " + id + " is not a label of this model, which has " + classes + " labels (0 to "
                            + (classes - 1) + "). Check that the evaluation data has the labels of the training data.");
        }
        return id;
    }
}
