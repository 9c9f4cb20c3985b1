package dev.attune.task;

/** From the logits of one row to scores. */
public final class Scores {
    private Scores() {}

    /** Index of the largest of {@code count} numbers from {@code at} on; the first of equals, and NaN before all. */
    public static int best(float[] logits, int at, int count) {
        int best = 0;
        for (int k = 1; k < count; k++) if (Float.compare(logits[at + k], logits[at + best]) > 0) best = k;
        return best;
    }

    /** One probability for each number, by itself. */
    public static double[] sigmoid(float[] logits, int at, int count) {
        double[] scores = new double[count];
        for (int k = 0; k < count; k++) scores[k] = 1 / (1 + Math.exp(-logits[at + k]));
        return scores;
    }

    /**
     * In double precision what {@code Losses} sums: (1-ε) times the negative log probability of a class, plus ε times the mean
     * of all of them.
     *
     * @param smoothing ε, 0 for none
     */
    public static double crossEntropy(float[] logits, int at, int count, int label, double smoothing) {
        double highest = logits[at + best(logits, at, count)];
        double sum = 0;
        double total = 0;
        for (int k = at; k < at + count; k++) {
            sum += Math.exp(logits[k] - highest);
            total += logits[k];
        }
        double normaliser = highest + Math.log(sum);
        return (1 - smoothing) * (normaliser - logits[at + label]) + smoothing * (normaliser - total / count);
    }

    /** Probabilities that add up to 1. */
    public static double[] softmax(float[] logits, int at, int count) {
        double highest = logits[at + best(logits, at, count)];
        double[] scores = new double[count];
        double sum = 0;
        for (int k = 0; k < count; k++) sum += scores[k] = Math.exp(logits[at + k] - highest);
        for (int k = 0; k < count; k++) scores[k] /= sum;
        return scores;
    }
}
