package dev.attune.job.search;

import java.util.List;
import java.util.SplittableRandom;

/** Kernels over values without an order: each is the value that was tried, and a little of all of them. */
final class ChoiceKernels implements ParzenEstimator {
    private final Space.Choice space;
    /** Of each choice. */
    private final double[] probabilities;

    ChoiceKernels(Space.Choice space, List<Object> tried, double[] weights) {
        this.space = space;
        int choices = space.values().size();
        this.probabilities = new double[choices];
        int kernels = weights.length;
        for (int kernel = 0; kernel < kernels; kernel++) {
            int at = kernel < tried.size() ? space.values().indexOf(tried.get(kernel)) : -1;
            double little = 1.0 / kernels;
            double sum = choices * little + (at < 0 ? 0 : 1);
            for (int i = 0; i < choices; i++) {
                probabilities[i] += weights[kernel] * (little + (i == at ? 1 : 0)) / sum;
            }
        }
    }

    @Override
    public Object sample(SplittableRandom random) {
        return space.values().get(ParzenEstimator.pick(probabilities, random));
    }

    @Override
    public double logDensity(Object value) {
        return Math.log(probabilities[space.values().indexOf(value)]);
    }
}
