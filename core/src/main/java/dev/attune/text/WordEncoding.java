package dev.attune.text;

import java.util.Arrays;

/**
 * The tokens of a text that was given in words.
 *
 * @param tokens their offsets are those in the word
 * @param words the word of each token, counted from 0; -1 for an added token
 */
public record WordEncoding(Encoding tokens, int[] words) {
    WordEncoding select(int[] positions) {
        return new WordEncoding(
                tokens.select(positions),
                Arrays.stream(positions).map(i -> words[i]).toArray());
    }
}
