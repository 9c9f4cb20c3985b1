package dev.attune.generate;

import java.util.Arrays;

/**
 * One text that came out.
 *
 * @param ids the new tokens, with the one that ended the text; of an encoder-decoder all but the one that it starts with
 * @param score the sum of the logarithms of the probabilities that the tokens were chosen with, by the number of tokens to the
 *     power of {@code length_penalty}: Hugging Face's {@code sequences_scores}. Probabilities are those after all processors
 * @param reason why it ends
 */
public record Generated(int[] ids, double score, FinishReason reason) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Generated that
                && Arrays.equals(ids, that.ids)
                && Double.compare(score, that.score) == 0
                && reason == that.reason;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return "Generated" + Arrays.toString(ids) + ", " + score + ", " + reason;
    }
}
