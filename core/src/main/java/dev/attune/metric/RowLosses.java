package dev.attune.metric;

import dev.attune.error.DataException;

/**
 * The evaluation loss as Hugging Face's Trainer computes it, from the losses of single rows: so that rows may be computed in
 * any order and any company. The reference takes the mean of each batch and weighs it with the rows of that batch, {@code
 * sum(mean * size) / sum(size)}; for losses with several labels a row its value depends on the batch size, there as here.
 */
public final class RowLosses {
    private final double[] sums;
    private final double[] weights;

    /** @param rows number of rows; each takes 16 bytes */
    public RowLosses(int rows) {
        sums = new double[rows];
        weights = new double[rows];
    }

    /**
     * Takes the losses of some rows.
     *
     * @param rows their places, from 0
     * @param sums the sum of the losses of each row
     * @param weights what to divide it by: the number of labels of the row, or the sum of their weights
     */
    public void add(int[] rows, double[] sums, double[] weights) {
        for (int i = 0; i < rows.length; i++) {
            this.sums[rows[i]] = sums[i];
            this.weights[rows[i]] = weights[i];
        }
    }

    /**
     * The mean over all rows, cut into batches in their order. A batch without a single label (its weights are 0, as where
     * all tokens of a text are to be ignored) has no mean and does not count; the reference's loss is NaN then. It is here
     * only if no batch has a label.
     *
     * @param batchSize {@code per_device_eval_batch_size}
     */
    public double mean(int batchSize) {
        if (sums.length == 0) {
            throw new DataException("No row was evaluated, so there is no loss. Give evaluation data with rows.");
        }
        double total = 0;
        int counted = 0;
        for (int start = 0; start < sums.length; start += batchSize) {
            int end = Math.min(sums.length, start + batchSize);
            double sum = 0, weight = 0;
            for (int row = start; row < end; row++) {
                sum += sums[row];
                weight += weights[row];
            }
            if (weight == 0 && sum == 0) continue;
            total += sum / weight * (end - start);
            counted += end - start;
        }
        return total / counted;
    }
}
