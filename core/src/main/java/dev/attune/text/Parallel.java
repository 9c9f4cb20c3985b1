package dev.attune.text;

import dev.attune.error.StoppedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Results for 0 to n-1 in order, made by as many threads as there are processors; a failure ends the rest, an interrupt
 * too.
 */
final class Parallel {
    private static final int CHUNK = 64; // texts taken at once: few enough that threads end together

    private Parallel() {}

    @SuppressWarnings("unchecked") // the array never leaves but as a list of T
    static <T> List<T> map(int n, IntFunction<T> work) {
        T[] results = (T[]) new Object[n];
        int threads = Math.min(Runtime.getRuntime().availableProcessors(), (n + CHUNK - 1) / CHUNK);
        if (threads <= 1) {
            Arrays.setAll(results, work);
            return Arrays.asList(results);
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "attune-tokenizer");
            thread.setDaemon(true);
            return thread;
        });
        AtomicLong next = new AtomicLong();
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                running.add(pool.submit(() -> {
                    try {
                        for (long at = next.getAndAdd(CHUNK); at < n; at = next.getAndAdd(CHUNK)) {
                            for (int i = (int) at; i < Math.min(at + CHUNK, n); i++) {
                                results[i] = work.apply(i);
                            }
                        }
                    } finally {
                        next.addAndGet(n); // done or failed: nothing is left for the others
                    }
                }));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
            return Arrays.asList(results);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause(); // an IntFunction throws nothing else
        } catch (InterruptedException e) {
            next.addAndGet(n);
            Thread.currentThread().interrupt();
            throw new StoppedException("Tokenizing was interrupted.", e);
        } finally {
            pool.shutdownNow();
        }
    }
}
