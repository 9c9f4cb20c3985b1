package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.store.RecordFile;
import dev.attune.data.store.RecordWriter;
import dev.attune.data.store.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleStoreTest {
    @ParameterizedTest
    @CsvSource({"1, 100000000", "2, 10", "3, 10"})
    void givesBackEveryExample(long seed, int heap) {
        System.err.println("random examples of seed " + seed);
        Random random = new Random(seed);
        List<Example> examples = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        RecordWriter records = new RecordWriter(heap, RecordFile::temporary, heap > 1000 ? 30 : 14);
        ExampleWriter writer = new ExampleWriter(records);
        for (int i = 0; i < 500; i++) {
            examples.add(random(random));
            rows.add(random.nextInt(1 << random.nextInt(1, 31)));
            writer.add(rows.get(i), examples.get(i));
        }
        writer.note("a note");
        assertThat(writer.notes()).containsExactly("a note");
        Records finished = records.finish();
        assertThat(finished.inHeap()).isEqualTo(heap > 1000);
        Examples stored = new StoredExamples(finished);
        assertThat(stored.size()).isEqualTo(500);
        int[] lengths = stored.lengths();
        for (int i = 0; i < 500; i++) {
            Example expected = examples.get(i);
            assertSame(stored.get(i, i), expected);
            assertThat(stored.row(i)).isEqualTo(rows.get(i));
            assertThat(stored.where(i)).isEqualTo("row " + (rows.get(i) + 1));
            assertThat(lengths[i]).isEqualTo(expected.length());
        }
        assertThatThrownBy(() -> stored.get(500, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        stored.close();
        assertThatThrownBy(() -> stored.get(0, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        stored.close();
    }

    static void assertSame(Example actual, Example expected) {
        assertThat(actual.ids()).isEqualTo(expected.ids());
        assertThat(actual.typeIds()).isEqualTo(expected.typeIds());
        assertThat(actual.labels()).isEqualTo(expected.labels());
        assertThat(actual.targets()).isEqualTo(expected.targets());
    }

    private static Example random(Random random) {
        int length = random.nextInt(1, 200);
        int[] ids = random.ints(length, 0, random.nextBoolean() ? 30_522 : 3).toArray();
        int[] typeIds = new int[length];
        java.util.Arrays.fill(typeIds, random.nextInt(length), length, 1);
        int[] labels = random.nextBoolean()
                ? random.ints(random.nextInt(3), -100, 5).toArray()
                : random.ints(length).toArray();
        float[] targets = new float[random.nextInt(4)];
        for (int i = 0; i < targets.length; i++) targets[i] = Float.intBitsToFloat(random.nextInt());
        return new Example(ids, typeIds, labels, targets);
    }
}
