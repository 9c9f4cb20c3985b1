package dev.attune.generate;

import java.util.Arrays;

/** Makes tokens that were there less likely, whatever their sign: CTRL, arXiv:1909.05858. */
final class RepetitionPenalty implements ScoreProcessor {
    private final float penalty;
    private final boolean ofSource;

    private RepetitionPenalty(double penalty, boolean ofSource) {
        this.penalty = (float) penalty;
        this.ofSource = ofSource;
    }

    /** {@code repetition_penalty}: tokens of the text so far. */
    static ScoreProcessor of(double penalty) {
        return new RepetitionPenalty(penalty, false);
    }

    /** {@code encoder_repetition_penalty}: tokens of what the model was given become likelier by it. */
    static ScoreProcessor ofSource(double penalty) {
        return new RepetitionPenalty(1 / penalty, true);
    }

    @Override
    public void process(History history, float[] scores) {
        int[] seen = ofSource ? history.source().clone() : history.tail(history.length());
        Arrays.sort(seen);
        for (int i = 0; i < seen.length; i++) {
            boolean again = i > 0 && seen[i] == seen[i - 1];
            if (again || seen[i] >= scores.length) continue;
            float score = scores[seen[i]];
            scores[seen[i]] = score < 0 ? score * penalty : score / penalty;
        }
    }
}
