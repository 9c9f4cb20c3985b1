package dev.attune.job.search;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Kernels over numbers: a normal distribution at each value that was tried, cut off at the ends of the space, as wide as the way to
 * the farther of its two neighbours. None is narrower than a share of the space that falls with their number ("magic clip").
 */
final class NumberKernels implements ParzenEstimator {
    private final NumberAxis axis;
    private final double[] weights;
    private final double[] means;
    private final double[] widths;

    NumberKernels(NumberAxis axis, List<Object> tried, double[] weights) {
        this.axis = axis;
        this.weights = weights;
        int n = tried.size();
        this.means = new double[n + 1];
        for (int i = 0; i < n; i++) means[i] = axis.at(tried.get(i));
        this.widths = widths(Arrays.copyOf(means, n), axis.low(), axis.high());
        means[n] = (axis.low() + axis.high()) / 2;
    }

    /** Of the kernels, and of the prior, which is as wide as the space. */
    static double[] widths(double[] means, double low, double high) {
        int n = means.length;
        Integer[] order = new Integer[n];
        for (int i = 0; i < n; i++) order[i] = i;
        Arrays.sort(order, Comparator.comparingDouble(i -> means[i]));
        double narrowest = (high - low) / Math.min(100, n + 2);
        double[] widths = new double[n + 1];
        for (int i = 0; i < n; i++) {
            double at = means[order[i]];
            double below = at - (i == 0 ? low : means[order[i - 1]]);
            double above = (i == n - 1 ? high : means[order[i + 1]]) - at;
            // An end of the space is no neighbour, unless there is no other.
            double width =
                    n == 1 ? Math.max(below, above) : i == 0 ? above : i == n - 1 ? below : Math.max(below, above);
            widths[order[i]] = Math.min(Math.max(width, narrowest), high - low);
        }
        widths[n] = high - low;
        return widths;
    }

    @Override
    public Object sample(SplittableRandom random) {
        int kernel = ParzenEstimator.pick(weights, random);
        while (true) {
            // A kernel lies in the space and is not wider than it, so a third of it at least is in there too.
            double at = means[kernel] + widths[kernel] * gaussian(random);
            if (at >= axis.low() && at <= axis.high()) return axis.value(at);
        }
    }

    /** By Box and Muller, so that the same seed gives the same numbers in every version of Java. */
    private static double gaussian(SplittableRandom random) {
        double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }

    @Override
    public double logDensity(Object value) {
        double at = axis.at(value);
        double[] terms = new double[weights.length];
        for (int i = 0; i < terms.length; i++) {
            double from = (axis.low() - means[i]) / widths[i];
            double to = (axis.high() - means[i]) / widths[i];
            double here = axis.isWhole()
                    ? Math.log(NormalCurve.mass((at - 0.5 - means[i]) / widths[i], (at + 0.5 - means[i]) / widths[i]))
                    : NormalCurve.logDensity((at - means[i]) / widths[i]) - Math.log(widths[i]);
            terms[i] = Math.log(weights[i]) + here - Math.log(NormalCurve.mass(from, to));
        }
        double largest = Arrays.stream(terms).max().orElseThrow();
        return largest
                + Math.log(Arrays.stream(terms)
                        .map(term -> Math.exp(term - largest))
                        .sum());
    }
}
