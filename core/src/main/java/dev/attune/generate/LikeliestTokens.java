package dev.attune.generate;

/**
 * Bans all but the likeliest tokens, and leaves those as likely as the last of them: {@code top_k}.
 *
 * @param k how many stay
 */
record LikeliestTokens(int k) implements ScoreProcessor {
    @Override
    public void process(History history, float[] scores) {
        float least = least(scores, k);
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] < least) scores[i] = BANNED;
        }
    }

    /** The k-th largest score, or the smallest where there are fewer. */
    static float least(float[] scores, int k) {
        TopTokens top = TopTokens.of(scores, k);
        return top.count() == 0 ? BANNED : top.value(top.count() - 1);
    }
}
