package dev.attune.generate;

/**
 * Bans tokens that are less likely than a share of the likeliest: arXiv:2407.01082.
 *
 * @param keep how many tokens stay in any case
 */
record MinP(double share, int keep) implements ScoreProcessor {
    @Override
    public void process(History history, float[] scores) {
        float[] probabilities = Probabilities.softmax(scores);
        float limit = (float) share * Probabilities.largest(probabilities);
        TopTokens kept = TopTokens.of(probabilities, keep);
        float[] spared = new float[kept.count()];
        for (int i = 0; i < spared.length; i++) spared[i] = scores[kept.place(i)];
        for (int i = 0; i < scores.length; i++) {
            if (probabilities[i] < limit) scores[i] = BANNED;
        }
        for (int i = 0; i < spared.length; i++) scores[kept.place(i)] = spared[i];
    }
}
