package dev.attune.generate;

/**
 * Makes the end of a text likelier with every token: {@code exponential_decay_length_penalty}.
 *
 * @param start after how many new tokens it begins
 * @param factor by which the weight grows with each
 */
record ExponentialDecay(int start, double factor) {

    ScoreProcessor processor(int[] eos) {
        return (history, scores) -> {
            int past = history.length() - history.start() - start;
            if (past <= 0) return;
            float weight = (float) (Math.pow(factor, past) - 1);
            for (int token : eos) {
                // A banned end stays banned; the reference makes NaN of it.
                if (token < scores.length && scores[token] != ScoreProcessor.BANNED)
                    scores[token] += Math.abs(scores[token]) * weight;
            }
        };
    }
}
