package dev.attune.data;

import java.util.ArrayList;
import java.util.List;

/** Collects few examples in memory: those of a question, not of a data set. */
public final class ExampleList implements EncodedSink {
    private final List<Example> examples = new ArrayList<>();
    private final List<Integer> rows = new ArrayList<>();

    @Override
    public void add(int row, Example example) {
        examples.add(example);
        rows.add(row);
    }

    /** Nobody reads them here. */
    @Override
    public void note(String sentence) {}

    /** What was collected so far. */
    public Examples examples() {
        return new ListedExamples(
                List.copyOf(examples), rows.stream().mapToInt(Integer::intValue).toArray());
    }
}
