package dev.attune.data;

import dev.attune.data.store.ByteWriter;
import dev.attune.data.store.RecordWriter;
import dev.attune.data.store.Records;
import java.util.ArrayList;
import java.util.List;

/** Examples on their way into {@link Records}. */
final class ExampleWriter implements EncodedSink {
    private final RecordWriter records;
    private final ByteWriter record = new ByteWriter(1 << 10);
    private final List<String> notes = new ArrayList<>();

    ExampleWriter(RecordWriter records) {
        this.records = records;
    }

    @Override
    public void add(int row, Example example) {
        record.clear();
        ExampleRecord.write(row, example, record);
        records.add(record.bytes(), record.length());
    }

    @Override
    public void note(String sentence) {
        notes.add(sentence);
    }

    List<String> notes() {
        return notes;
    }
}
