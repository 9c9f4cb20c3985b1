package dev.attune.job.search;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A density over the values of one key, made of what was tried: a kernel at each value, and a flat one over the whole space,
 * which is the prior.
 */
interface ParzenEstimator {
    /** A value; the kernels near which there are many are likely. */
    Object sample(SplittableRandom random);

    /** Logarithm of the density at a value, but for an addend that depends on the value alone. */
    double logDensity(Object value);

    /** @param tried values in the order of the trials, of which the newest count most */
    static ParzenEstimator of(Space space, List<Object> tried) {
        double[] weights = weights(tried.size());
        if (space instanceof Space.Choice choice) return new ChoiceKernels(choice, tried, weights);
        return new NumberKernels(NumberAxis.of(space), tried, weights);
    }

    /** What each of {@code n} kernels counts, and the prior after them: 1, but less for those before the newest 25. */
    private static double[] weights(int n) {
        double[] weights = new double[n + 1];
        double sum = 0;
        int ramp = Math.max(0, n - 25);
        for (int i = 0; i <= n; i++) {
            weights[i] = i >= ramp ? 1 : ramp == 1 ? 1.0 / n : 1.0 / n + (1 - 1.0 / n) * i / (ramp - 1);
            sum += weights[i];
        }
        for (int i = 0; i <= n; i++) weights[i] /= sum;
        return weights;
    }

    /** The number of a kernel, each as likely as its weight. */
    static int pick(double[] weights, SplittableRandom random) {
        double left = random.nextDouble();
        for (int i = 0; i < weights.length - 1; i++) {
            left -= weights[i];
            if (left < 0) return i;
        }
        return weights.length - 1;
    }
}
