package dev.attune.task.textclassification;

import dev.attune.task.textclassification.TextClassificationAnswers.ScoreFunction;

/** From the logits of one row to scores. */
final class Scores {
    private Scores() {}

    /** Index of the largest of {@code count} numbers from {@code at} on; the first of equals, and NaN before all. */
    static int best(float[] logits, int at, int count) {
        int best = 0;
        for (int k = 1; k < count; k++) if (Float.compare(logits[at + k], logits[at + best]) > 0) best = k;
        return best;
    }

    static double[] of(ScoreFunction function, float[] logits, int at, int count) {
        return switch (function) {
            case SOFTMAX -> softmax(logits, at, count);
            case SIGMOID -> {
                double[] scores = new double[count];
                for (int k = 0; k < count; k++) scores[k] = 1 / (1 + Math.exp(-logits[at + k]));
                yield scores;
            }
            case NONE -> {
                double[] scores = new double[count];
                for (int k = 0; k < count; k++) scores[k] = logits[at + k];
                yield scores;
            }
        };
    }

    static double[] softmax(float[] logits, int at, int count) {
        double highest = logits[at + best(logits, at, count)];
        double[] scores = new double[count];
        double sum = 0;
        for (int k = 0; k < count; k++) sum += scores[k] = Math.exp(logits[at + k] - highest);
        for (int k = 0; k < count; k++) scores[k] /= sum;
        return scores;
    }
}
