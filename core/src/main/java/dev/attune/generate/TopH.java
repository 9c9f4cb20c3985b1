package dev.attune.generate;

/**
 * Keeps the likeliest tokens as long as their part of the entropy stays below a share of the whole: arXiv:2509.02510. Only
 * the likeliest {@value #CONSIDERED} tokens are looked at, as in the reference.
 */
record TopH(double share) implements ScoreProcessor {
    private static final int CONSIDERED = 100;

    @Override
    public void process(History history, float[] scores) {
        TopTokens top = TopTokens.of(scores, CONSIDERED);
        float[] likeliest = new float[top.count()];
        for (int i = 0; i < likeliest.length; i++) likeliest[i] = top.value(i);
        double limit = Probabilities.entropy(likeliest) * share;
        double logSum = Probabilities.logSum(likeliest);
        boolean[] kept = new boolean[scores.length];
        double sum = 0;
        for (int i = 0; i < likeliest.length; i++) {
            double log = likeliest[i] - logSum;
            sum -= log * Math.exp(log);
            // Not "sum > limit": of a banned token it is no number.
            if (i > 0 && !(sum <= limit)) break;
            kept[top.place(i)] = true;
        }
        for (int i = 0; i < scores.length; i++) {
            if (!kept[i]) scores[i] = BANNED;
        }
    }
}
