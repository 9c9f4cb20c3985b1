package dev.attune.data;

import dev.attune.data.store.ByteReader;
import dev.attune.data.store.Records;
import dev.attune.error.DataException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Examples of {@link Records}, the same in every epoch. */
final class StoredExamples implements Examples {
    private final int size;
    private volatile @Nullable Records records;

    StoredExamples(Records records) {
        this.size = records.size();
        this.records = records;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int length(int example) {
        return read(example, ExampleRecord::length);
    }

    @Override
    public int[] lengths() {
        int[] lengths = new int[size];
        int[] done = {0};
        try {
            opened().forEach(record -> lengths[done[0]++] = ExampleRecord.length(record));
        } catch (IndexOutOfBoundsException | InternalError e) {
            throw damaged(done[0], e);
        }
        return lengths;
    }

    @Override
    public Example get(int example, int epoch) {
        return read(example, ExampleRecord::read);
    }

    @Override
    public int row(int example) {
        return read(example, ExampleRecord::row);
    }

    @Override
    public String where(int example) {
        return "row " + (row(example) + 1);
    }

    private <T> T read(int example, Function<ByteReader, T> part) {
        Records from = opened();
        Objects.checkIndex(example, size);
        try {
            return part.apply(from.read(example));
        } catch (IndexOutOfBoundsException | InternalError e) {
            throw damaged(example, e);
        }
    }

    private Records opened() {
        Records opened = records;
        if (opened == null) throw new IllegalStateException("the examples are closed");
        return opened;
    }

    private DataException damaged(int example, Throwable e) {
        return new DataException(
                "The stored example " + (example + 1) + " of " + size + " is damaged (" + e.getMessage()
                        + "). Remove the folder data in ATTUNE_HOME (default ~/.cache/attune), and start again.",
                e);
    }

    @Override
    public void close() {
        Records opened = records;
        records = null;
        if (opened != null) opened.close();
    }
}
