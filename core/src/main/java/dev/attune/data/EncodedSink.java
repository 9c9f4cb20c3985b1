package dev.attune.data;

/** Takes encoded examples, one after the other. For one thread at a time. */
public interface EncodedSink {
    /** Takes examples that nobody needs: whoever encodes them looks at something else. */
    EncodedSink NOWHERE = new EncodedSink() {
        @Override
        public void add(int row, Example example) {}

        @Override
        public void note(String sentence) {}
    };

    /**
     * Takes the next example.
     *
     * @param row the row of the data set that it was made from
     */
    void add(int row, Example example);

    /** A sentence for the user, kept with the examples; {@link Encoded} tells how it names the data. */
    void note(String sentence);
}
