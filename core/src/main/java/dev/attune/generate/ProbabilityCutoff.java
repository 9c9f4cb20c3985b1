package dev.attune.generate;

/** Bans tokens below a probability: {@code epsilon_cutoff}, {@code eta_cutoff}, arXiv:2210.15191. */
final class ProbabilityCutoff implements ScoreProcessor {
    private final double cutoff;
    private final boolean byEntropy;
    private final int keep;

    private ProbabilityCutoff(double cutoff, boolean byEntropy, int keep) {
        this.cutoff = cutoff;
        this.byEntropy = byEntropy;
        this.keep = keep;
    }

    /** @param keep how many tokens stay in any case */
    static ScoreProcessor epsilon(double cutoff, int keep) {
        return new ProbabilityCutoff(cutoff, false, keep);
    }

    /** Lower where the model is unsure: the less of the cutoff and its root times exp(-entropy). */
    static ScoreProcessor eta(double cutoff, int keep) {
        return new ProbabilityCutoff(cutoff, true, keep);
    }

    @Override
    public void process(History history, float[] scores) {
        double limit =
                byEntropy ? Math.min(cutoff, Math.sqrt(cutoff) * Math.exp(-Probabilities.entropy(scores))) : cutoff;
        float[] probabilities = Probabilities.softmax(scores);
        float least = LikeliestTokens.least(scores, keep);
        for (int i = 0; i < scores.length; i++) {
            if (probabilities[i] < (float) limit && scores[i] < least) scores[i] = BANNED;
        }
    }
}
