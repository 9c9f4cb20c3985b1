package dev.attune.data;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Examples of a list, the same in every epoch.
 *
 * @param rows the row of each example
 */
record ListedExamples(List<Example> examples, int[] rows) implements Examples {
    /** One example for each row. */
    ListedExamples(List<Example> examples) {
        this(examples, IntStream.range(0, examples.size()).toArray());
    }

    @Override
    public int size() {
        return examples.size();
    }

    @Override
    public int length(int example) {
        return examples.get(example).length();
    }

    @Override
    public Example get(int example, int epoch) {
        return examples.get(example);
    }

    @Override
    public int row(int example) {
        return rows[example];
    }

    @Override
    public String where(int example) {
        return "row " + (rows[example] + 1);
    }
}
