package dev.attune.generate;

/** Why a text ends where it does. */
public enum FinishReason {
    /** Its last token is one that ends a text. */
    EOS,
    /** It is as long as it may be. */
    LENGTH,
    /** One of {@code stop_strings} came out. */
    STOP_STRING,
    /** The time that {@code max_time} gives is over. */
    TIME
}
