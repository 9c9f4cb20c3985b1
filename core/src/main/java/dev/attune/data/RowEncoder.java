package dev.attune.data;

import dev.attune.error.StoppedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Makes the examples of many rows on all processors and hands them over in order. Only a few hundred rows for each
 * processor are in memory at a time.
 */
public final class RowEncoder {
    private static final int CHUNK = 128; // rows that a thread takes at once
    private static final int AHEAD = 3; // chunks for each thread: done, in work and waiting

    private final int threads;

    public RowEncoder() {
        this(Runtime.getRuntime().availableProcessors());
    }

    RowEncoder(int threads) {
        this.threads = threads;
    }

    /**
     * One example for each row; else as {@link #encodeSeveral}.
     *
     * @param work makes the example of a row
     */
    public void encode(int rows, IntFunction<Example> work, EncodedSink sink) {
        encodeSeveral(rows, row -> List.of(work.apply(row)), sink);
    }

    /**
     * @param rows how many rows there are
     * @param work makes the examples of a row, none or several; called by several threads, for several rows at a time
     * @param sink gets the examples of each row, in order, on the calling thread. Of several rows that fail, the exception
     *     of the first is thrown, as {@code work} threw it; the rows before it were handed over.
     * @throws StoppedException if the calling thread is interrupted
     */
    public void encodeSeveral(int rows, IntFunction<List<Example>> work, EncodedSink sink) {
        int chunks = (int) ((rows + CHUNK - 1L) / CHUNK);
        if (Math.min(threads, chunks) <= 1) {
            for (int row = 0; row < rows; row++) add(row, work.apply(row), sink);
            return;
        }
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, chunks), task -> {
            Thread thread = new Thread(task, "attune-encoder");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Deque<Future<List<List<Example>>>> running = new ArrayDeque<>();
            int submitted = 0;
            for (int chunk = 0; chunk < chunks; chunk++) {
                for (; submitted < Math.min((long) chunks, (long) chunk + (long) AHEAD * threads); submitted++) {
                    int from = submitted * CHUNK;
                    running.add(pool.submit(() -> chunk(from, Math.min(CHUNK, rows - from), work)));
                }
                // A future that is done gives its result without a look at interrupts.
                if (Thread.interrupted()) throw new InterruptedException();
                int row = chunk * CHUNK;
                for (List<Example> examples : running.remove().get()) add(row++, examples, sink);
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) throw error;
            throw (RuntimeException) e.getCause(); // an IntFunction throws nothing else
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException("Encoding was interrupted.", e);
        } finally {
            end(pool);
        }
    }

    private static void add(int row, List<Example> examples, EncodedSink sink) {
        for (Example example : examples) sink.add(row, example);
    }

    private static List<List<Example>> chunk(int from, int count, IntFunction<List<Example>> work)
            throws InterruptedException {
        List<List<Example>> examples = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            if (Thread.interrupted()) throw new InterruptedException();
            examples.add(work.apply(from + i));
        }
        return examples;
    }

    /** Waits for the threads: whoever called may close what they use. */
    private static void end(ExecutorService pool) {
        pool.shutdownNow();
        boolean interrupted = false;
        while (true) {
            try {
                if (pool.awaitTermination(1, TimeUnit.MINUTES)) break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
