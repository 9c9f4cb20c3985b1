package dev.attune.data;

/** Examples that know the data set they were made from. */
record PlacedExamples(Examples examples, Dataset data) implements Examples {
    @Override
    public int size() {
        return examples.size();
    }

    @Override
    public int length(int example) {
        return examples.length(example);
    }

    @Override
    public Example get(int example, int epoch) {
        return examples.get(example, epoch);
    }

    @Override
    public int row(int example) {
        return examples.row(example);
    }

    @Override
    public String where(int example) {
        return data.where(examples.row(example));
    }

    @Override
    public int[] lengths() {
        return examples.lengths();
    }

    @Override
    public boolean varies() {
        return examples.varies();
    }

    @Override
    public Examples from(Dataset other) {
        return examples.from(other);
    }

    @Override
    public void close() {
        examples.close();
    }
}
