package dev.attune.data;

/** Makes the examples of a set, when nobody has kept them. */
@FunctionalInterface
public interface EncodedSource {
    void writeTo(EncodedSink sink);
}
