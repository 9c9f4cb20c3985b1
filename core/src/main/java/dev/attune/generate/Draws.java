package dev.attune.generate;

import dev.attune.tensor.SplitMix64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The random numbers of one text: they depend on the seed and the number of the text alone, not on what else is in the batch. They
 * are not those of PyTorch.
 */
final class Draws {
    private final long stream;
    private long count;

    Draws(long seed, int prompt, int sequence) {
        this.stream = SplitMix64.ofExample(seed, sequence, prompt);
    }

    /** From 0 to less than 1. */
    double uniform() {
        return SplitMix64.uniform(stream, count++);
    }

    /**
     * A token, drawn by the probabilities of the scores.
     *
     * @return -1 if no token has one
     */
    int token(float[] scores) {
        float largest = Probabilities.largest(scores);
        double[] upTo = new double[scores.length];
        double sum = 0;
        int last = -1;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] != ScoreProcessor.BANNED) {
                sum += Math.exp((double) scores[i] - largest);
                last = i;
            }
            upTo[i] = sum;
        }
        double at = uniform() * sum;
        if (!(sum > 0) || sum == Double.POSITIVE_INFINITY) return -1;
        for (int i = 0; i < last; i++) {
            if (upTo[i] > at) return i;
        }
        return last;
    }

    /**
     * Different places, drawn one after the other by the probabilities of the scores. Where fewer have one, the rest is taken by
     * score.
     */
    List<Integer> different(float[] scores, int count) {
        float largest = Probabilities.largest(scores);
        int[] places = new int[scores.length];
        double[] weights = new double[scores.length];
        int left = 0;
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            double weight = scores[i] == ScoreProcessor.BANNED ? 0 : Math.exp((double) scores[i] - largest);
            if (!(weight > 0)) continue;
            places[left] = i;
            weights[left++] = weight;
            sum += weight;
        }
        Set<Integer> drawn = new LinkedHashSet<>();
        while (drawn.size() < count && left > 0) {
            double at = uniform() * sum;
            int i = 0;
            for (double upTo = weights[0]; i < left - 1 && upTo <= at; upTo += weights[i]) i++;
            drawn.add(places[i]);
            left--;
            // Keeps the order, which the draws depend on; the sum is made anew because what is left may be tiny beside
            // it.
            System.arraycopy(places, i + 1, places, i, left - i);
            System.arraycopy(weights, i + 1, weights, i, left - i);
            sum = 0;
            for (int j = 0; j < left; j++) sum += weights[j];
        }
        TopTokens rest = TopTokens.of(scores, Math.min(scores.length, 2 * count));
        for (int i = 0; i < rest.count() && drawn.size() < count; i++) drawn.add(rest.place(i));
        return List.copyOf(drawn);
    }
}
