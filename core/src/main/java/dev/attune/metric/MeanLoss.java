package dev.attune.metric;

import dev.attune.error.DataException;
import java.util.Map;

/**
 * The evaluation loss as Hugging Face's Trainer computes it: the mean of each batch weighted with the number of rows of
 * that batch, {@code sum(mean * size) / sum(size)}. For token losses this is not the mean over tokens, so a perplexity
 * made from it depends on the evaluation batch size, there as here. {@code compute()} gives {@code loss}.
 */
public final class MeanLoss implements Metric {
    private double sum;
    private long rows;

    /**
     * Adds one batch.
     *
     * @param batchMean mean loss of the batch
     * @param batchSize rows in the batch, at least 1
     */
    public void add(double batchMean, int batchSize) {
        if (batchSize < 1) throw new DataException("A batch of " + batchSize + " rows has no mean loss.");
        sum += batchMean * batchSize;
        rows += batchSize;
    }

    /** The mean so far. NaN as soon as one batch was NaN. */
    public double value() {
        if (rows == 0) {
            throw new DataException("No row was evaluated, so there is no loss. Give evaluation data with rows.");
        }
        return sum / rows;
    }

    @Override
    public Map<String, Double> compute() {
        return Map.of("loss", value());
    }
}
