package dev.attune.io;

import dev.attune.error.StoppedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Locks against other processes and other threads of this one, which Java refuses with an exception instead of waiting. */
public final class FileLocks {
    private static final long POLL_MILLIS = 50;
    private static final int PATIENCE = 10; // polls, before the log says what is waited for
    private static final Logger LOG = LoggerFactory.getLogger(FileLocks.class);

    private FileLocks() {}

    /** The lock, or null if another process or another thread has it. */
    public static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /**
     * Waits for the lock.
     *
     * @param work what its owner does meanwhile, for people: {@code unpacks the model}
     * @throws StoppedException if the thread is interrupted
     */
    public static FileLock lock(FileChannel channel, String work) throws IOException {
        for (int polls = 0; ; polls++) {
            FileLock lock = tryLock(channel);
            if (lock != null) return lock;
            if (polls == PATIENCE) LOG.info("Waiting for another process that {}.", work);
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoppedException("Interrupted while another process " + work + ".", e);
            }
        }
    }
}
