package dev.attune.task.fillmask;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.data.Examples;

/** Whole texts, some of whose tokens are hidden when they are asked for: others in every epoch. */
record MaskedExamples(Examples texts, Masking masking) implements Examples {
    @Override
    public int size() {
        return texts.size();
    }

    @Override
    public int length(int example) {
        return texts.length(example);
    }

    @Override
    public int[] lengths() {
        return texts.lengths();
    }

    @Override
    public Example get(int example, int epoch) {
        return masking.hide(texts.get(example, epoch), epoch, example);
    }

    @Override
    public int row(int example) {
        return texts.row(example);
    }

    @Override
    public String where(int example) {
        return texts.where(example);
    }

    @Override
    public boolean varies() {
        return true;
    }

    @Override
    public Examples from(Dataset data) {
        return new MaskedExamples(texts.from(data), masking);
    }

    @Override
    public void close() {
        texts.close();
    }
}
