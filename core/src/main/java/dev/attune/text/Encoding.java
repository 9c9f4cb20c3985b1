package dev.attune.text;

/**
 * The tokens of one text, or of a pair of texts, special tokens included. {@code N} is the number of tokens. The arrays
 * are not copied: treat them as read-only.
 *
 * @param ids token ids, {@code N}
 * @param typeIds 0 for the first text, 1 for the second where the model tells them apart, {@code N}
 * @param specialTokensMask 1 for a token that the tokenizer added around the texts, {@code N}
 * @param offsets start and end of each token, {@code 2 * N}, in UTF-16 code units of the text that the token came from;
 *     0, 0 for an added token
 * @param wordIds the word of its text that a token belongs to, counted from 0, -1 for an added token, {@code N}; all 0
 *     where offsets were not asked for. Of a text that was given in words one of these, and then the offsets are those in it
 * @param sequenceIds 0 for a token of the first text, 1 of the second, -1 for an added token, {@code N}
 * @param untruncatedLength how many tokens there were before anything was cut
 */
public record Encoding(
        int[] ids,
        int[] typeIds,
        int[] specialTokensMask,
        int[] offsets,
        int[] wordIds,
        int[] sequenceIds,
        int untruncatedLength) {

    /** How many tokens there are. */
    public int length() {
        return ids.length;
    }

    /** Whether tokens are missing: the text was longer than the given length, or this is one window of several. */
    public boolean truncated() {
        return untruncatedLength > ids.length;
    }

    /** Where token {@code i} starts in the text it came from. */
    public int start(int i) {
        return offsets[2 * i];
    }

    /** Where token {@code i} ends, exclusive, in the text it came from. */
    public int end(int i) {
        return offsets[2 * i + 1];
    }

    /** Only the tokens at the given positions, in that order; the untruncated length stays. */
    Encoding select(int[] positions) {
        int n = positions.length;
        Encoding some = new Encoding(
                new int[n], new int[n], new int[n], new int[2 * n], new int[n], new int[n], untruncatedLength);
        for (int i = 0; i < n; i++) {
            int from = positions[i];
            some.ids[i] = ids[from];
            some.typeIds[i] = typeIds[from];
            some.specialTokensMask[i] = specialTokensMask[from];
            some.offsets[2 * i] = offsets[2 * from];
            some.offsets[2 * i + 1] = offsets[2 * from + 1];
            some.wordIds[i] = wordIds[from];
            some.sequenceIds[i] = sequenceIds[from];
        }
        return some;
    }
}
