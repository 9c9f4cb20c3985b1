package dev.attune.data;

/** Makes the examples of a data set; asked only if no earlier run did the same. */
@FunctionalInterface
public interface EncodedSource {
    /** Hands all examples over, in their order, and what the user should know. */
    void writeTo(EncodedSink sink);
}
