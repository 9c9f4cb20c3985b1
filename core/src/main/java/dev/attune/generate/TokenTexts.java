package dev.attune.generate;

/** A tokenizer as generation needs it: for texts that end a text, and for texts that must not come out. */
public interface TokenTexts {
    /** The tokens of a text, without special ones around it. */
    int[] encode(String text);

    /** The text of tokens; special ones are written out, for they may be part of a stop string. */
    String decode(int[] ids);
}
