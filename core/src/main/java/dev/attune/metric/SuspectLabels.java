package dev.attune.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Rows whose label is likely to be wrong, by confident learning: Northcutt, Jiang and Chuang, "Confident Learning: Estimating
 * Uncertainty in Dataset Labels" (2021).
 *
 * <p>The threshold of a class is the mean probability that the model gives it in the rows that carry it as their label. A row
 * may belong to a class if its probability reaches the threshold, and of several such classes to the most probable one. It
 * is suspect if that class is not its label, and the model's answer is not its label either. So a class that the model is
 * never sure of needs less to be believed than one that it always is. The first suspects are those whose label is furthest
 * below the most probable other class.
 *
 * <p>The probabilities must come from a model that did not train on these rows: one that did has learned the wrong labels too.
 * Only rows that the model got wrong are kept, and of very many those that are furthest off.
 */
public final class SuspectLabels {
    /** Most probabilities that are kept: 32 MB. */
    private static final int MOST_NUMBERS = 4_000_000;

    /** What a probability may miss its threshold by: a class with a single row reaches it exactly, but for rounding. */
    private static final double ROUNDING = 1e-6;

    /**
     * A row that is likely to have a wrong label.
     *
     * @param place where it is, as it was added
     * @param label the label it has
     * @param likely the label it should have
     * @param labelProbability what the model gives the one
     * @param likelyProbability and the other
     */
    public record Suspect(long place, int label, int likely, double labelProbability, double likelyProbability) {}

    private record Mistake(long place, int label, double margin, double[] probabilities) {}

    private final int most;
    private final long[] rows;
    private final double[] sums;
    /** The one that is furthest off comes last, so that it is the last to be dropped. */
    private final PriorityQueue<Mistake> mistakes = new PriorityQueue<>(Comparator.comparingDouble(Mistake::margin)
            .thenComparing(Mistake::place)
            .reversed());

    /** @param classes K, the number of labels */
    public SuspectLabels(int classes) {
        this.most = Math.max(1, MOST_NUMBERS / classes);
        this.rows = new long[classes];
        this.sums = new double[classes];
    }

    /**
     * Takes one row; rows may come in any order.
     *
     * @param place tells the row from others, and which of two is further up
     * @param probabilities (K) of all classes; kept, so not to be changed
     */
    public void add(long place, int label, double[] probabilities) {
        double own = probabilities[label];
        if (Double.isNaN(own)) return;
        rows[label]++;
        sums[label] += own;
        double other = 0;
        for (int k = 0; k < probabilities.length; k++) if (k != label) other = Math.max(other, probabilities[k]);
        if (own >= other) return;
        mistakes.add(new Mistake(place, label, own - other, probabilities));
        if (mistakes.size() > most) mistakes.poll();
    }

    /** The mean probability of a class in the rows that carry it; infinite for a class that no row carries. */
    public double threshold(int label) {
        return rows[label] == 0 ? Double.POSITIVE_INFINITY : sums[label] / rows[label];
    }

    /** The most suspect first; of equals the one further up. */
    public List<Suspect> suspects() {
        List<Mistake> sorted = new ArrayList<>(mistakes);
        sorted.sort(Comparator.comparingDouble(Mistake::margin).thenComparing(Mistake::place));
        List<Suspect> suspects = new ArrayList<>();
        for (Mistake each : sorted) {
            int likely = likely(each.probabilities);
            if (likely < 0 || likely == each.label) continue;
            suspects.add(new Suspect(
                    each.place, each.label, likely, each.probabilities[each.label], each.probabilities[likely]));
        }
        return suspects;
    }

    /** The most probable class that reaches its threshold; -1 if none does. */
    private int likely(double[] probabilities) {
        int likely = -1;
        for (int k = 0; k < probabilities.length; k++) {
            if (probabilities[k] < threshold(k) - ROUNDING) continue;
            if (likely < 0 || probabilities[k] > probabilities[likely]) likely = k;
        }
        return likely;
    }
}
