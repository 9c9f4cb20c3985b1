package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.store.ByteReader;
import dev.attune.data.store.RecordFile;
import dev.attune.data.store.RecordWriter;
import dev.attune.data.store.Records;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowStoreTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void givesBackEveryValueFromHeapAndFile(long seed) {
        RandomTable random = RandomTable.of(seed, 200);
        TableBuilder inHeap = new TableBuilder();
        random.addTo(inHeap);
        Dataset heap = inHeap.build("heap");
        random.assertEqual(heap);

        AtomicInteger spills = new AtomicInteger();
        // segments of 32 KiB: many borders, and one random row in a few dozen comes near to one
        RecordWriter writer = new RecordWriter(
                1000,
                () -> {
                    spills.incrementAndGet();
                    return RecordFile.temporary();
                },
                15);
        TableBuilder inFile = new TableBuilder(writer);
        random.addTo(inFile);
        Dataset file = inFile.build("file");
        assertThat(spills).hasValue(1);
        random.assertEqual(file);
        assertThat(file.sha256()).isEqualTo(heap.sha256());

        int[] picked = new Random(seed).ints(50, 0, 200).toArray();
        Dataset selection = file.select(picked);
        for (int i = 0; i < picked.length; i++) {
            random.assertRow(selection, i, picked[i]);
            assertThat(selection.where(i)).isEqualTo("row " + (picked[i] + 1));
        }
        assertThat(selection.sha256()).isEqualTo(heap.select(picked).sha256());
        Split split = file.split(0.3, seed);
        Split same = heap.split(0.3, seed);
        assertThat(split.validation().sha256()).isEqualTo(same.validation().sha256());
        for (int i = 0; i < 60; i++) {
            assertThat(split.validation().where(i)).isEqualTo(same.validation().where(i));
            random.assertRow(
                    split.validation(),
                    i,
                    Integer.parseInt(same.validation().where(i).substring(4)) - 1);
        }
    }

    @Test
    void staysInHeapUpToTheLimit() {
        RecordWriter writer = new RecordWriter(100, RecordFile::temporary);
        byte[] record = new byte[49];
        Arrays.fill(record, (byte) 7);
        writer.add(record, 49);
        writer.add(record, 49);
        assertThat(writer.spilled()).isFalse();
        writer.add(record, 1);
        assertThat(writer.spilled()).isTrue();
        Records records = writer.finish();
        assertThat(records.inHeap()).isFalse();
        assertThat(records.read(1).bytes(49)).isEqualTo(record);
        assertThat(records.read(2).bytes(1)).containsExactly(7);
        assertThatThrownBy(() -> records.read(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void recordsThatJustFitASegment() {
        RecordWriter writer = new RecordWriter(16, RecordFile::temporary, 8);
        int[] lengths = {254, 253, 1, 254, 100, 153, 1, 127, 127, 126, 128, 254, 254, 20, 20};
        for (int i = 0; i < lengths.length; i++) {
            byte[] record = new byte[lengths[i]];
            Arrays.fill(record, (byte) i);
            writer.add(record, lengths[i]);
        }
        Records records = writer.finish();
        for (int i = 0; i < lengths.length; i++) {
            ByteReader in = records.read(i);
            byte[] expected = new byte[lengths[i]];
            Arrays.fill(expected, (byte) i);
            assertThat(in.bytes(lengths[i])).isEqualTo(expected);
            assertThat(in.atEnd()).isTrue();
        }
        RecordWriter full = new RecordWriter(16, RecordFile::temporary, 8);
        assertThatThrownBy(() -> full.add(new byte[255], 255))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Row 1 has 257 bytes")
                .hasMessageContaining("256");
        full.abandon();
    }

    @Test
    void rowsBeyondMemoryNeedAFile() {
        RecordWriter writer = new RecordWriter(10, () -> {
            throw new IOException("No space left on device");
        });
        assertThatThrownBy(() -> writer.add(new byte[20], 20))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("ATTUNE_HOME");
    }

    @Test
    void leavesNoFileBehind() throws IOException {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        RecordWriter writer = new RecordWriter(10, RecordFile::temporary);
        long before = rowFiles(folder);
        writer.add(new byte[20], 20);
        // where a file can be without a name, not even a crash leaves one
        boolean windows = java.io.File.separatorChar == '\\';
        assertThat(rowFiles(folder)).isEqualTo(windows ? before + 1 : before);
        writer.abandon();
        assertThat(rowFiles(folder)).isEqualTo(before);
    }

    private static long rowFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".rows"))
                    .count();
        }
    }

    @Test
    void placesOfSeveralFilesAndColumnsThatComeLate(@TempDir Path temp) throws IOException {
        Files.writeString(temp.resolve("a.jsonl"), "{\"text\": \"x\"}\n\n{\"text\": \"y\", \"label\": 3}\n");
        Files.writeString(temp.resolve("b.jsonl"), "\n{\"label\": 4, \"more\": [1, null]}\n");
        Dataset data = Datasets.read(temp + "/*.jsonl");
        assertThat(data.columns()).containsExactly("text", "label", "more");
        assertThat(List.of(data.where(0), data.where(1), data.where(2)))
                .containsExactly("a.jsonl line 1", "a.jsonl line 3", "b.jsonl line 2");
        assertThat(data.value(0, "label")).isNull();
        assertThat(data.value(0, "more")).isNull();
        assertThat(data.value(1, "label")).isEqualTo(3L);
        assertThat(data.value(2, "text")).isNull();
        assertThat(data.value(2, "more")).isEqualTo(Arrays.asList(1L, null));
        assertThat(data.select(new int[] {2, 0}).where(0)).isEqualTo("b.jsonl line 2");
    }

    @Test
    void equalTablesHaveEqualHashesWhereverTheyCameFrom(@TempDir Path temp) throws IOException {
        Files.writeString(temp.resolve("a.csv"), "text,label\nhello,a\n\u00fc\ud83d\ude00,\n");
        Files.writeString(temp.resolve("b.tsv"), "text\tlabel\nhello\ta\n\u00fc\ud83d\ude00\t\n");
        Dataset csv = Datasets.read(temp.resolve("a.csv").toString());
        Dataset tsv = Datasets.read(temp.resolve("b.tsv").toString());
        Dataset sql = Datasets.read("SELECT * FROM read_csv('" + temp.resolve("a.csv") + "', all_varchar = true)");
        Dataset list = Datasets.of(
                "list",
                List.of(
                        new java.util.TreeMap<>(Map.of("text", "hello", "label", "a")).descendingMap(),
                        Map.of("text", "\u00fc\ud83d\ude00")));
        assertThat(tsv.sha256()).isEqualTo(csv.sha256());
        assertThat(sql.sha256()).isEqualTo(csv.sha256());
        assertThat(list.sha256()).isEqualTo(csv.sha256());
    }
}
