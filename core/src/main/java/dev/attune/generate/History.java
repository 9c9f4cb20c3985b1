package dev.attune.generate;

import java.util.Arrays;

/**
 * The tokens of one text so far, as its next token is chosen from them: of a decoder its prompt and what came out, of an
 * encoder-decoder the start token and what came out.
 */
final class History {
    private final int[] source;
    private final int start;
    private final int maxLength;
    private int[] ids;
    private int length;

    /**
     * @param source what the model was given: the prompt, or the tokens of the encoder
     * @param ids those that the text begins with
     * @param maxLength most tokens that it may have, these included
     */
    History(int[] source, int[] ids, int maxLength) {
        this.source = source;
        this.ids = ids;
        this.length = ids.length;
        this.start = ids.length;
        this.maxLength = maxLength;
    }

    private History(History other, int[] ids) {
        this.source = other.source;
        this.start = other.start;
        this.maxLength = other.maxLength;
        this.length = other.length;
        this.ids = ids;
    }

    /** The same text with one token more. */
    History with(int token) {
        History longer = new History(this, Arrays.copyOf(ids, length + 1));
        longer.add(token);
        return longer;
    }

    /** The same, to go on on its own. */
    History copy() {
        return new History(this, ids.clone());
    }

    void add(int token) {
        if (length == ids.length) ids = Arrays.copyOf(ids, Math.max(16, length * 2));
        ids[length++] = token;
    }

    int length() {
        return length;
    }

    /** How many tokens it began with. */
    int start() {
        return start;
    }

    int maxLength() {
        return maxLength;
    }

    int id(int position) {
        return ids[position];
    }

    int last() {
        return ids[length - 1];
    }

    /** What the model was given. */
    int[] source() {
        return source;
    }

    /** The last tokens, at most so many. */
    int[] tail(int most) {
        return Arrays.copyOfRange(ids, Math.max(0, length - most), length);
    }

    /** What came out. */
    int[] generated() {
        return Arrays.copyOfRange(ids, start, length);
    }
}
