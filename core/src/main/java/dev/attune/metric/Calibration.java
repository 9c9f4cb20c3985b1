package dev.attune.metric;

/**
 * Whether a model is right as often as it says: answers are sorted by their confidence, the probability of what was answered,
 * into ranges of one width. In each range the mean confidence is compared with the share of answers that are right. The
 * reliability diagram and the expected calibration error of Guo et al., "On Calibration of Modern Neural Networks" (2017).
 */
public final class Calibration {
    /** How many ranges there are between 0 and 1. */
    public static final int RANGES = 10;

    private final long[] counts = new long[RANGES];
    private final long[] right = new long[RANGES];
    private final double[] confidences = new double[RANGES];

    /**
     * Counts one answer.
     *
     * @param confidence 0 to 1; what is not a number counts nowhere
     */
    public void add(double confidence, boolean isRight) {
        if (Double.isNaN(confidence)) return;
        int range = range(confidence);
        counts[range]++;
        confidences[range] += confidence;
        if (isRight) right[range]++;
    }

    /** The upper end belongs to a range, the lower one does not. */
    private static int range(double confidence) {
        return Math.max(0, Math.min(RANGES - 1, (int) Math.ceil(confidence * RANGES) - 1));
    }

    /** All answers. */
    public long total() {
        long sum = 0;
        for (long count : counts) sum += count;
        return sum;
    }

    /** Answers in a range; 0 is that of the lowest confidence. */
    public long count(int range) {
        return counts[range];
    }

    /** Mean confidence of the answers in a range; NaN without any. */
    public double confidence(int range) {
        return confidences[range] / counts[range];
    }

    /** Share of the answers in a range that are right; NaN without any. */
    public double accuracy(int range) {
        return (double) right[range] / counts[range];
    }

    /**
     * Expected calibration error, 0 to 1: how far confidence and share of right answers lie apart, the mean over all answers;
     * NaN without any.
     */
    public double expectedError() {
        double sum = 0;
        for (int range = 0; range < RANGES; range++) sum += Math.abs(confidences[range] - right[range]);
        return sum / total();
    }
}
