package dev.attune.data;

import java.util.List;

/**
 * The encoded examples of a data set, numbered from 0. They may lie in memory or in a mapped file, and may be made anew
 * when asked for (masking for language models), so whoever needs one twice keeps it. Safe for use by several threads.
 */
public interface Examples extends AutoCloseable {
    /** Number of examples. */
    int size();

    /** Tokens of this example. */
    int length(int example);

    /**
     * This example as epoch {@code epoch} (from 0) sees it. The same numbers give the same example, so that a resumed
     * run goes on with what an uninterrupted one would have seen.
     */
    Example get(int example, int epoch);

    /** The row of the data set that this example was made from; a long row may have become several examples. */
    int row(int example);

    /** Where a person finds that row: {@code "train.csv line 17"}, or {@code "row 17"} where that is not known. */
    String where(int example);

    /** Whether an example is another one in another epoch. */
    default boolean varies() {
        return false;
    }

    /** Tokens of every example. */
    default int[] lengths() {
        int[] lengths = new int[size()];
        for (int i = 0; i < lengths.length; i++) lengths[i] = length(i);
        return lengths;
    }

    /** The same examples; {@link #where} asks {@code data}, the set they were made from. */
    default Examples from(Dataset data) {
        return new PlacedExamples(this, data);
    }

    /** Lets go of files; no example may be asked for afterwards. */
    @Override
    default void close() {}

    /** Examples of a list, one for each row; the list may make them when asked. */
    static Examples of(List<Example> examples) {
        return new ListedExamples(examples);
    }
}
