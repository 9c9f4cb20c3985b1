package dev.attune.generate;

/**
 * Bans the unlikeliest tokens whose probabilities add up to at most 1 - p: nucleus sampling, arXiv:1904.09751.
 *
 * @param keep how many tokens stay in any case
 */
record TopP(double p, int keep) implements ScoreProcessor {
    @Override
    public void process(History history, float[] scores) {
        int[] tokens = Probabilities.ascending(scores);
        float[] probabilities = Probabilities.softmax(scores);
        float limit = (float) (1 - p);
        double sum = 0;
        for (int i = 0; i < tokens.length - keep; i++) {
            sum += probabilities[tokens[i]];
            if ((float) sum > limit) return;
            scores[tokens[i]] = BANNED;
        }
    }
}
