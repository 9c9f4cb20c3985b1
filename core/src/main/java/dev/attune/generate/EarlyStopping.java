package dev.attune.generate;

/** When beam search ends a text: Hugging Face's {@code early_stopping}, whose values are {@code true}, {@code false} and {@code "never"}. */
public enum EarlyStopping {
    /** When the best running beam, were it to end now, would not get among the finished ones. */
    FALSE,
    /** As soon as there are as many finished texts as beams. */
    TRUE,
    /** When no running beam can get among the finished ones, however long it grows. */
    NEVER
}
