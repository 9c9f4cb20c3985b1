package dev.attune.task;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Lets many threads use a model and one of them close it: closing waits for uses that are under way, since freed weights
 * under a running call would end the process.
 */
public final class ModelGuard {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /**
     * Runs {@code body} while the model is open.
     *
     * @throws IllegalStateException if it has been closed
     */
    public <T> T use(Supplier<T> body) {
        lock.readLock().lock();
        try {
            if (closed) throw new IllegalStateException("This pipeline is closed.");
            return body.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Runs {@code free} once, when nobody uses the model any more. */
    public void close(Runnable free) {
        lock.writeLock().lock();
        try {
            if (closed) return;
            closed = true;
            free.run();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
