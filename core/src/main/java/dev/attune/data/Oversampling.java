package dev.attune.data;

import java.util.Arrays;

/**
 * Which examples an epoch has where small classes are raised. A class of n_c examples counts as if it had {@link #target}
 * examples: at least {@code share} times as many as the largest class has.
 */
public final class Oversampling {
    private final int[] classes;
    private final long[] counts;
    private final long[] targets;

    /**
     * @param classes class of each example
     * @param names number of classes
     * @param share of the largest class that each class is raised to, above 0 and at most 1; 1 makes all alike
     */
    public Oversampling(int[] classes, int names, double share) {
        this.classes = classes.clone();
        counts = new long[names];
        for (int c : classes) counts[c]++;
        long largest = Arrays.stream(counts).max().orElse(0);
        targets = new long[names];
        for (int c = 0; c < names; c++) {
            targets[c] = counts[c] == 0 ? 0 : Math.max(counts[c], Math.round(share * largest));
        }
    }

    /** Examples of a class. */
    public long count(int c) {
        return counts[c];
    }

    /** How many examples a class counts as. */
    public long target(int c) {
        return targets[c];
    }

    /**
     * As many draws as there are examples, with replacement, so that an example may come several times in an epoch or not at
     * all: torch's {@code WeightedRandomSampler}, each example with the weight {@code target / count} of its class, and a
     * generator seeded {@code seed + epoch}.
     */
    public Sampler sampling(long seed) {
        double[] reach = new double[classes.length]; // sum of the weights up to each example
        double sum = 0;
        for (int i = 0; i < reach.length; i++) {
            sum += (double) targets[classes[i]] / counts[classes[i]];
            reach[i] = sum;
        }
        for (int i = 0; i < reach.length; i++) reach[i] /= sum;
        reach[reach.length - 1] = 1;
        return epoch -> {
            Mt19937 generator = new Mt19937(seed + epoch);
            int[] order = new int[reach.length];
            for (int i = 0; i < order.length; i++) order[i] = first(reach, generator.nextDouble());
            return order;
        };
    }

    /** The first place whose value is not below {@code wanted}. */
    private static int first(double[] rising, double wanted) {
        int left = 0;
        int right = rising.length;
        while (left < right) {
            int middle = (left + right) >>> 1;
            if (rising[middle] < wanted) left = middle + 1;
            else right = middle;
        }
        return left;
    }

    /**
     * Every example at least once, and those of small classes again and again until their class has its target. Where that is
     * no whole number of times, the examples that come once more are others in each epoch. In the order of the examples, with
     * repeats after all of them.
     */
    public Sampler duplication(long seed) {
        int size = duplicated();
        return epoch -> {
            // Which examples come first when a class is repeated in part.
            int[] shuffled = new Mt19937(seed + epoch).permutation(classes.length);
            int[] order = new int[size];
            long[] left = targets.clone();
            int at = 0;
            for (int i = 0; i < classes.length; i++) {
                order[at++] = i;
                left[classes[i]]--;
            }
            while (at < size) { // each round takes an example at most once
                for (int i : shuffled) {
                    if (left[classes[i]] <= 0) continue;
                    order[at++] = i;
                    left[classes[i]]--;
                }
            }
            return order;
        };
    }

    /** Examples of an epoch with {@link #duplication}. */
    public int duplicated() {
        return Math.toIntExact(Arrays.stream(targets).sum());
    }
}
