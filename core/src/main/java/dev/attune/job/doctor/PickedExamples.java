package dev.attune.job.doctor;

import dev.attune.data.Example;
import dev.attune.data.Examples;

/** Some examples in some order; one may come twice. The examples stay the caller's. */
record PickedExamples(Examples examples, int[] picked) implements Examples {
    @Override
    public int size() {
        return picked.length;
    }

    @Override
    public int length(int example) {
        return examples.length(picked[example]);
    }

    @Override
    public Example get(int example, int epoch) {
        return examples.get(picked[example], epoch);
    }

    @Override
    public boolean varies() {
        return examples.varies();
    }

    @Override
    public int row(int example) {
        return examples.row(picked[example]);
    }

    @Override
    public String where(int example) {
        return examples.where(picked[example]);
    }
}
