package dev.attune.data;

import dev.attune.error.StoppedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One daemon thread that makes batches 0, 1, 2, … and keeps a few ready. A monitor instead of a queue class: the end, a
 * failure and a stop must all wake the waiting side, and here that is one {@code notifyAll}.
 */
final class Prefetch {
    private static final int READY = 3;

    private final Deque<Batch> ready = new ArrayDeque<>(READY);
    private final Thread thread;
    private @Nullable Throwable failure;
    private boolean stopped;

    Prefetch(IntFunction<Batch> source, int batches) {
        thread = new Thread(() -> run(source, batches), "attune-batch-loader");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(IntFunction<Batch> source, int batches) {
        try {
            for (int i = 0; i < batches; i++) {
                Batch batch = source.apply(i);
                if (!offer(batch)) return;
            }
        } catch (Throwable e) { // errors too: an OutOfMemoryError must reach the training thread, not end this one
            // silently
            synchronized (this) {
                failure = e;
                notifyAll();
            }
        }
    }

    private synchronized boolean offer(Batch batch) throws InterruptedException {
        while (ready.size() == READY && !stopped) wait();
        if (stopped) return false;
        ready.add(batch);
        notifyAll();
        return true;
    }

    /** The next batch; waits for it. Batches made before a failure are still delivered. */
    synchronized Batch take() {
        while (ready.isEmpty() && failure == null && !stopped) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoppedException("Interrupted while waiting for a batch.", e);
            }
        }
        if (stopped) throw new IllegalStateException("the batch loader is closed");
        if (ready.isEmpty()) throw rethrown(failure);
        Batch batch = ready.remove();
        notifyAll();
        return batch;
    }

    private static RuntimeException rethrown(@Nullable Throwable failure) {
        if (failure instanceof Error error) throw error;
        if (failure instanceof RuntimeException exception) return exception;
        return new IllegalStateException("the batch loader's thread failed", failure);
    }

    /** Stops the thread and waits until it has ended, so that nothing reads the examples afterwards. */
    void stop() {
        synchronized (this) {
            stopped = true;
            ready.clear();
            notifyAll();
        }
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
