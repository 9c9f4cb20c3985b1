package dev.attune.task.questionanswering;

import dev.attune.data.Batch;
import dev.attune.task.Scores;
import java.util.ArrayList;
import java.util.List;

/**
 * What the model says of one window.
 *
 * @param start for each token how much speaks for it as the first of the answer
 * @param end the same for the last
 */
record WindowScores(float[] start, float[] end) {
    /** Those of each window of a batch. */
    static List<WindowScores> of(Batch batch, float[] logits) {
        List<WindowScores> all = new ArrayList<>(batch.size());
        int at = 0;
        for (int length : batch.lengths()) {
            float[] start = new float[length];
            float[] end = new float[length];
            for (int i = 0; i < length; i++, at++) {
                start[i] = logits[2 * at];
                end[i] = logits[2 * at + 1];
            }
            all.add(new WindowScores(start, end));
        }
        return all;
    }

    /** Mean of the cross entropies of the true first and last token. */
    double loss(int first, int last) {
        return (crossEntropy(start, first) + crossEntropy(end, last)) / 2;
    }

    private static double crossEntropy(float[] logits, int label) {
        return Scores.crossEntropy(logits, 0, logits.length, label, 0);
    }
}
