package dev.attune.generate;

/** Changes the scores of the next token of a text: Hugging Face's {@code LogitsProcessor}. */
@FunctionalInterface
interface ScoreProcessor {
    /** What stands for a token that must not come. */
    float BANNED = Float.NEGATIVE_INFINITY;

    /** @param scores one for each token of the vocabulary, changed in place */
    void process(History history, float[] scores);

    /** Bans the tokens that are in the vocabulary; a list from a file may name others. */
    static void ban(int[] tokens, float[] scores) {
        for (int token : tokens) {
            if (token < scores.length) scores[token] = BANNED;
        }
    }
}
