package dev.attune.generate;

/** Hears the tokens of texts while they come out. */
@FunctionalInterface
public interface TokenListener {
    /** Hears nothing. */
    TokenListener NONE = (prompt, token) -> {};

    /**
     * A token that will not be taken back, in the order of the text. Of several texts for one prompt only those of the first are
     * told. Beam search knows its best text when it is done, and tells it then.
     *
     * @param prompt its number in the call, from 0
     */
    void chosen(int prompt, int token);
}
