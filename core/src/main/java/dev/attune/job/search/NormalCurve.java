package dev.attune.job.search;

/** The normal distribution: areas below the bell curve. */
final class NormalCurve {
    private static final double SQRT2 = Math.sqrt(2);
    private static final double SQRT_PI = Math.sqrt(Math.PI);

    private NormalCurve() {}

    /** Logarithm of the density of the standard normal distribution. */
    static double logDensity(double x) {
        return -0.5 * x * x - 0.5 * Math.log(2 * Math.PI);
    }

    /** Probability of a standard normal number between two; exact in both tails, where a difference of sums would be 0. */
    static double mass(double from, double to) {
        if (from > 0) return tail(from) - tail(to);
        if (to < 0) return tail(-to) - tail(-from);
        return 1 - tail(-from) - tail(to);
    }

    /** Probability of a standard normal number above {@code x}, which is not negative. */
    private static double tail(double x) {
        return 0.5 * complementaryError(x / SQRT2);
    }

    /** {@code erfc(x)} for {@code x >= 0}: the series of Maclaurin near 0, the continued fraction of Laplace beyond. */
    static double complementaryError(double x) {
        if (x < 2) {
            double term = x;
            double sum = x;
            for (int n = 1; Math.abs(term) > 1e-17 * sum; n++) {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return 1 - 2 / SQRT_PI * sum;
        }
        double fraction = x;
        for (int n = 120; n > 0; n--) fraction = x + n / 2.0 / fraction;
        return Math.exp(-x * x) / (SQRT_PI * fraction);
    }
}
