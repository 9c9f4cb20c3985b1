package dev.attune.generate;

/** Makes logarithms of probabilities of the scores, whatever was done to them: {@code renormalize_logits}. */
final class Renormalize implements ScoreProcessor {
    @Override
    public void process(History history, float[] scores) {
        double logSum = Probabilities.logSum(scores);
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] != BANNED) scores[i] = (float) (scores[i] - logSum);
        }
    }
}
