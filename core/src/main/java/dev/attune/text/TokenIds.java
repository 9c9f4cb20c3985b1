package dev.attune.text;

/**
 * The tokens of one text, or of a pair of texts, without {@link Encoding}'s places in the text, which cost a quarter of
 * the time. {@code N} is the number of tokens. The arrays are not copied: treat them as read-only.
 *
 * @param ids token ids, {@code N}
 * @param typeIds 0 for the first text, 1 for the second where the model tells them apart, {@code N}
 * @param untruncatedLength how many tokens there were before anything was cut
 */
public record TokenIds(int[] ids, int[] typeIds, int untruncatedLength) {
    /** How many tokens there are. */
    public int length() {
        return ids.length;
    }

    /** Whether tokens are missing: the text was longer than the given length. */
    public boolean truncated() {
        return untruncatedLength > ids.length;
    }
}
