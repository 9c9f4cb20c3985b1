package dev.attune.data;

/** Takes encoded examples, one after the other. For one thread at a time. */
public interface EncodedSink {
    /**
     * Takes the next example.
     *
     * @param row the row of the data set that it was made from
     */
    void add(int row, Example example);

    /** A sentence for the user, kept with the examples. */
    void note(String sentence);
}
