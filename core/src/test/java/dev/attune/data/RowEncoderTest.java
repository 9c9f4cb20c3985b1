package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.DataException;
import dev.attune.error.StoppedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowEncoderTest {
    private static Example example(int row) {
        return new Example(new int[] {row}, new int[1], new int[] {row}, new float[0]);
    }

    private static final class Collected implements EncodedSink {
        private final List<Integer> rows = new ArrayList<>();

        @Override
        public void add(int row, Example example) {
            assertThat(example.ids()[0]).isEqualTo(row);
            rows.add(row);
        }

        @Override
        public void note(String sentence) {
            throw new AssertionError(sentence);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 129, 10_001})
    void handsOverEveryRowInOrder(int rows) {
        for (int threads : new int[] {1, 3}) {
            Collected collected = new Collected();
            new RowEncoder(threads).encode(rows, RowEncoderTest::example, collected);
            assertThat(collected.rows).hasSize(rows);
            for (int i = 0; i < rows; i++) assertThat(collected.rows.get(i)).isEqualTo(i);
        }
    }

    @Test
    void holdsOnlyAFewRows() {
        AtomicInteger made = new AtomicInteger();
        Set<String> threads = ConcurrentHashMap.newKeySet();
        new RowEncoder(3)
                .encode(
                        50_000,
                        row -> {
                            made.incrementAndGet();
                            threads.add(Thread.currentThread().getName());
                            return example(row);
                        },
                        new EncodedSink() {
                            @Override
                            public void add(int row, Example example) {
                                assertThat(made.get() - row).isLessThanOrEqualTo(10 * 128);
                            }

                            @Override
                            public void note(String sentence) {}
                        });
        assertThat(made).hasValue(50_000);
        assertThat(threads).containsExactly("attune-encoder");
    }

    @Test
    void theFirstBadRowIsTheOneThatIsTold() {
        for (int threads : new int[] {1, 4}) {
            Collected collected = new Collected();
            assertThatThrownBy(() -> new RowEncoder(threads)
                            .encode(
                                    5_000,
                                    row -> {
                                        if (row >= 1_000 && row % 7 == 0) throw new DataException("row " + row);
                                        return example(row);
                                    },
                                    collected))
                    .isInstanceOf(DataException.class)
                    .hasMessage("row 1001");
        }
        OutOfMemoryError full = new OutOfMemoryError("heap");
        assertThatThrownBy(() -> new RowEncoder(2)
                        .encode(
                                5_000,
                                row -> {
                                    throw full;
                                },
                                new Collected()))
                .isSameAs(full);
    }

    @RepeatedTest(20) // whether the workers are done before anybody waits for them is chance
    void anInterruptEndsIt() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new RowEncoder(2).encode(5_000, RowEncoderTest::example, new Collected()))
                .isInstanceOf(StoppedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
