package dev.attune.metric;

import dev.attune.error.DataException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far predicted numbers lie from the true ones. {@code compute()} gives {@code mse}, {@code rmse}, {@code mae},
 * {@code r2} (scikit-learn's: NaN below two rows; for a constant target 1 if every prediction is exact, else 0),
 * {@code pearson} and {@code spearman} (SciPy's, tied values share their mean rank; NaN if either side is constant).
 *
 * <p>Spearman needs every value to rank it, so the rows are kept: 16 bytes each. All else is computed from them in two
 * passes, which loses no digits where the mean is large.
 */
public final class RegressionMetrics implements Metric {
    private int rows;
    private double[] targets = new double[64];
    private double[] predictions = new double[64];

    /** Adds one row. */
    public void add(double target, double predicted) {
        if (rows == targets.length) {
            targets = Arrays.copyOf(targets, rows * 2);
            predictions = Arrays.copyOf(predictions, rows * 2);
        }
        targets[rows] = target;
        predictions[rows] = predicted;
        rows++;
    }

    /** Adds a batch: two arrays of the same length. */
    public void add(float[] targets, float[] predicted) {
        if (targets.length != predicted.length) {
            throw new DataException("A batch has " + targets.length + " targets but " + predicted.length
                    + " predictions; a regression model gives one number for each row.");
        }
        for (int i = 0; i < targets.length; i++) add(targets[i], predicted[i]);
    }

    /** The true numbers so far, in the order in which they were added. */
    public double[] targets() {
        return Arrays.copyOf(targets, rows);
    }

    /** The predicted numbers so far, in the order in which they were added. */
    public double[] predictions() {
        return Arrays.copyOf(predictions, rows);
    }

    @Override
    public Map<String, Double> compute() {
        Rows.require(rows);
        double squaredErrors = 0, absoluteErrors = 0;
        for (int i = 0; i < rows; i++) {
            double error = targets[i] - predictions[i];
            squaredErrors += error * error;
            absoluteErrors += Math.abs(error);
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("mse", squaredErrors / rows);
        values.put("rmse", Math.sqrt(squaredErrors / rows));
        values.put("mae", absoluteErrors / rows);
        values.put("r2", r2(squaredErrors));
        values.put("pearson", correlation(targets, predictions, rows));
        values.put("spearman", correlation(ranks(targets, rows), ranks(predictions, rows), rows));
        return values;
    }

    private double r2(double squaredErrors) {
        if (rows < 2) return Double.NaN;
        double mean = mean(targets, rows), spread = 0;
        for (int i = 0; i < rows; i++) spread += (targets[i] - mean) * (targets[i] - mean);
        if (spread == 0) return squaredErrors == 0 ? 1 : 0;
        return 1 - squaredErrors / spread;
    }

    private static double correlation(double[] a, double[] b, int n) {
        if (constant(a, n) || constant(b, n)) return Double.NaN;
        double meanA = mean(a, n), meanB = mean(b, n);
        double joint = 0, spreadA = 0, spreadB = 0;
        for (int i = 0; i < n; i++) {
            double fromA = a[i] - meanA, fromB = b[i] - meanB;
            joint += fromA * fromB;
            spreadA += fromA * fromA;
            spreadB += fromB * fromB;
        }
        // Two roots, so that the product cannot overflow; rounding may carry a perfect correlation a hair past one.
        double value = joint / (Math.sqrt(spreadA) * Math.sqrt(spreadB));
        return Double.isNaN(value) ? Double.NaN : Math.max(-1, Math.min(1, value));
    }

    private static double mean(double[] values, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) sum += values[i];
        return sum / n;
    }

    /** Asked of the values, not of their spread: the mean of equal values may be rounded off them. */
    private static boolean constant(double[] values, int n) {
        for (int i = 1; i < n; i++) if (values[i] != values[0]) return false;
        return true;
    }

    /** Ranks 1 to n; equal values share the mean of their ranks. A NaN makes every rank NaN, as SciPy propagates it. */
    static double[] ranks(double[] values, int n) {
        double[] sorted = new double[n];
        for (int i = 0; i < n; i++) sorted[i] = values[i] + 0.0; // -0.0 becomes 0.0: they are a tie
        Arrays.sort(sorted);
        double[] ranks = new double[n];
        if (Double.isNaN(sorted[n - 1])) {
            Arrays.fill(ranks, Double.NaN);
            return ranks;
        }
        for (int i = 0; i < n; i++) {
            int below = firstNotBelow(sorted, values[i]);
            int upTo = firstAbove(sorted, values[i]);
            ranks[i] = (below + 1 + upTo) / 2.0;
        }
        return ranks;
    }

    private static int firstNotBelow(double[] sorted, double value) {
        int low = 0, high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static int firstAbove(double[] sorted, double value) {
        int low = 0, high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] <= value) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
