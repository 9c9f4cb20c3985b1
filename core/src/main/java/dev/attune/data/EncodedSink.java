package dev.attune.data;

/** Takes examples in their order. */
public interface EncodedSink {
    /** @param row the row of the data set that the example was made from */
    void add(int row, Example example);

    /** A sentence for the user about the set. */
    void note(String sentence);
}
