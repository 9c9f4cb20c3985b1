package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.error.StoppedException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchLoaderTest {
    @Test
    void givesTheBatchesOfTheOrder() {
        try (BatchLoader loader = loader(examples(5), new int[] {4, 2, 0, 1, 3}, 2, false)) {
            assertThat(loader.batches()).isEqualTo(3);
            List<int[]> rows = new ArrayList<>();
            for (Batch batch : loader) {
                rows.add(batch.rows());
                assertThat(batch.labels()).containsExactly(batch.rows());
            }
            assertThat(rows).containsExactly(new int[] {4, 2}, new int[] {0, 1}, new int[] {3});
        }
    }

    @Test
    void dropsTheIncompleteBatch() {
        try (BatchLoader loader = loader(examples(5), identity(5), 2, true)) {
            assertThat(loader.batches()).isEqualTo(2);
            assertThat(loader).hasSize(2);
        }
    }

    @Test
    void canBeIteratedAgain() {
        try (BatchLoader loader = loader(examples(40), identity(40), 2, false)) {
            Iterator<Batch> first = loader.iterator();
            assertThat(first.next().rows()).containsExactly(0, 1);
            Iterator<Batch> second = loader.iterator();
            assertThat(second.next().rows()).containsExactly(0, 1);
            assertThat(second.next().rows()).containsExactly(2, 3);
        }
    }

    @Test
    void endsWithNoSuchElement() {
        try (BatchLoader loader = loader(examples(1), identity(1), 4, false)) {
            Iterator<Batch> batches = loader.iterator();
            assertThat(batches.next().size()).isEqualTo(1);
            assertThat(batches.hasNext()).isFalse();
            assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void failureReachesTheReaderWithItsCauseAfterTheGoodBatches() {
        List<Example> examples = lazy(6, i -> {
            if (i == 3) throw new UnsupportedOperationException("broken example");
            return example(i);
        });
        try (BatchLoader loader = loader(examples, identity(6), 2, false)) {
            Iterator<Batch> batches = loader.iterator();
            assertThat(batches.next().rows()).containsExactly(0, 1);
            assertThatThrownBy(batches::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("batch 1 (examples [2, 3])")
                    .hasMessageContaining("broken example")
                    .hasCauseInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void attuneExceptionsAndErrorsArriveUnwrapped() {
        DataException bad = new DataException("train.csv line 3: no text");
        OutOfMemoryError full = new OutOfMemoryError("heap");
        for (int batches : new int[] {1, 3}) { // a single batch is made without a thread
            List<Example> badOnes = lazy(batches, i -> {
                throw bad;
            });
            try (BatchLoader loader = loader(badOnes, identity(batches), 1, false)) {
                assertThatThrownBy(loader.iterator()::next).isSameAs(bad);
            }
            List<Example> large = lazy(batches, i -> {
                throw full;
            });
            try (BatchLoader loader = loader(large, identity(batches), 1, false)) {
                assertThatThrownBy(loader.iterator()::next).isSameAs(full);
            }
        }
    }

    @Test
    void anInterruptWhileWaitingStops() {
        CountDownLatch never = new CountDownLatch(1);
        List<Example> slow = lazy(3, i -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return example(i);
        });
        try (BatchLoader loader = loader(slow, identity(3), 1, false)) {
            Iterator<Batch> batches = loader.iterator();
            Thread.currentThread().interrupt();
            assertThatThrownBy(batches::next).isInstanceOf(StoppedException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void runsAheadOnOneDaemonThreadButNotFar() throws Exception {
        AtomicInteger made = new AtomicInteger();
        AtomicReference<Thread> maker = new AtomicReference<>();
        List<Example> examples = lazy(100, i -> {
            maker.set(Thread.currentThread());
            made.incrementAndGet();
            return example(i);
        });
        BatchLoader loader = loader(examples, identity(100), 1, false);
        Iterator<Batch> batches = loader.iterator();
        batches.next();
        while (made.get() < 5 || maker.get().getState() != Thread.State.WAITING) Thread.onSpinWait();
        assertThat(made).hasValue(5); // one taken, three ready, one in hand
        assertThat(maker.get().isDaemon()).isTrue();
        loader.close();
        assertThat(maker.get().isAlive()).isFalse();
        assertThatThrownBy(batches::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(loader::iterator)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        loader.close();
    }

    @Test
    void noBatchAtAllIsAnError() {
        assertThatThrownBy(() -> loader(List.of(), new int[0], 2, false))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no examples");
        assertThatThrownBy(() -> loader(examples(3), identity(3), 8, true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("3 examples do not fill a batch of 8");
        assertThatThrownBy(() -> loader(examples(3), identity(3), 0, true)).isInstanceOf(ConfigException.class);
    }

    private static List<Example> examples(int n) {
        return IntStream.range(0, n).mapToObj(BatchLoaderTest::example).toList();
    }

    private static Example example(int i) {
        return new Example(new int[] {i, i}, new int[2], new int[] {i}, new float[0]);
    }

    private static List<Example> lazy(int n, IntFunction<Example> make) {
        return new AbstractList<>() {
            @Override
            public Example get(int i) {
                return make.apply(i);
            }

            @Override
            public int size() {
                return n;
            }
        };
    }

    private static int[] identity(int n) {
        return IntStream.range(0, n).toArray();
    }

    private static BatchLoader loader(List<Example> examples, int[] order, int size, boolean dropLast) {
        return BatchLoader.of(Examples.of(examples), order, size, dropLast, 0, 0);
    }
}
