package dev.attune.generate;

/**
 * Keeps the tokens that are about as surprising as the model expects one to be, up to a mass: arXiv:2202.00666.
 *
 * @param keep how many tokens stay in any case
 */
record TypicalP(double mass, int keep) implements ScoreProcessor {
    @Override
    public void process(History history, float[] scores) {
        float[] probabilities = Probabilities.softmax(scores);
        float logSum = (float) Probabilities.logSum(scores);
        float entropy = (float) Probabilities.entropy(scores);
        float[] closeness = new float[scores.length]; // how near to the entropy, as a negative number
        for (int i = 0; i < scores.length; i++) {
            closeness[i] = scores[i] == BANNED ? BANNED : -Math.abs(-(scores[i] - logSum) - entropy);
        }
        int[] tokens = Probabilities.ascending(closeness);
        if (tokens.length == 0) return;
        int last = tokens.length - 1;
        double sum = 0;
        int needed = 0;
        while (needed < last && (float) (sum += probabilities[tokens[last - needed]]) < (float) mass) needed++;
        float farthest = closeness[tokens[last - needed]];
        for (int i = 0; i <= last - keep; i++) {
            if (closeness[tokens[i]] < farthest) scores[tokens[i]] = BANNED;
        }
    }
}
