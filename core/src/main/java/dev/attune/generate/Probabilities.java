package dev.attune.generate;

import java.util.Arrays;

/** Probabilities of scores. Banned tokens have none, and are no work. */
final class Probabilities {
    private Probabilities() {}

    /** Rounded to floats as the reference has them: whoever compares one with a limit must come to the same answer. */
    static float[] softmax(float[] scores) {
        float[] probabilities = new float[scores.length];
        float largest = largest(scores);
        double sum = sumOfExp(scores, largest);
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] != ScoreProcessor.BANNED)
                probabilities[i] = (float) (Math.exp((double) scores[i] - largest) / sum);
        }
        return probabilities;
    }

    /** The logarithm of the sum of what the scores are logarithms of. */
    static double logSum(float[] scores) {
        float largest = largest(scores);
        return largest + Math.log(sumOfExp(scores, largest));
    }

    /** In nats. */
    static double entropy(float[] scores) {
        double logSum = logSum(scores);
        double entropy = 0;
        for (float score : scores) {
            if (score != ScoreProcessor.BANNED) entropy -= (score - logSum) * Math.exp(score - logSum);
        }
        return entropy;
    }

    private static double sumOfExp(float[] scores, float largest) {
        double sum = 0;
        for (float score : scores) {
            if (score != ScoreProcessor.BANNED) sum += Math.exp((double) score - largest);
        }
        return sum;
    }

    static float largest(float[] scores) {
        float largest = ScoreProcessor.BANNED;
        for (float score : scores) largest = Math.max(largest, score);
        return largest;
    }

    /** The tokens that are not banned, the unlikeliest first; equals in the order of their numbers. */
    static int[] ascending(float[] scores) {
        long[] keys = new long[scores.length];
        int count = 0;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] != ScoreProcessor.BANNED) keys[count++] = key(scores[i], i);
        }
        Arrays.sort(keys, 0, count);
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) tokens[i] = (int) keys[i];
        return tokens;
    }

    /** Sorts as the number, then as the place. */
    private static long key(float number, int place) {
        int bits = Float.floatToIntBits(number + 0f); // of -0 and 0 the same
        int sortable = bits ^ (bits >> 31 & Integer.MAX_VALUE);
        return (long) sortable << 32 | place;
    }
}
