package dev.attune.data.store;

import dev.attune.io.FileLocks;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says that an entry of the cache is in use, to all processes: a file of its own, locked as long as the lease lives. The
 * system drops the lock of a process that died, so that a lease without a lock is nobody's.
 *
 * <p>Each lease has its own file, because on POSIX a process that closes any handle of a file loses all its locks on it.
 */
public final class CacheLease implements AutoCloseable {
    private static final String PROCESS = UUID.randomUUID().toString();
    private static final char SEPARATOR = '~';
    private static final Cleaner CLEANER = Cleaner.create();

    private final Cleaner.Cleanable cleanable;

    private CacheLease(Path file, FileChannel channel) {
        cleanable = CLEANER.register(this, () -> {
            try {
                Files.deleteIfExists(file);
                channel.close();
            } catch (IOException e) {
                // the next sweep removes it
            }
        });
    }

    public static CacheLease take(Path leases, String entry) throws IOException {
        Files.createDirectories(leases);
        inUse(leases, entry); // for the sweep: a process that ends leaves its leases
        while (true) {
            Path file = leases.resolve(entry + SEPARATOR + PROCESS + SEPARATOR + UUID.randomUUID());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try {
                channel.lock();
                if (Files.exists(file)) return new CacheLease(file, channel);
                channel.close(); // a sweep came between the making and the lock
            } catch (IOException e) {
                channel.close();
                Files.deleteIfExists(file);
                throw e;
            }
        }
    }

    /** Whether anyone uses the entry; removes the leases of processes that died. */
    public static boolean inUse(Path leases, String entry) throws IOException {
        if (!Files.isDirectory(leases)) return false;
        boolean used = false;
        try (Stream<Path> files = Files.list(leases)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.startsWith(entry + SEPARATOR)) used |= name.contains(PROCESS) || isLocked(file);
            }
        }
        return used;
    }

    private static boolean isLocked(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                @Nullable FileLock lock = FileLocks.tryLock(channel)) {
            if (lock == null) return true;
            Files.deleteIfExists(file);
            return false;
        } catch (IOException e) {
            return Files.exists(file); // gone meanwhile: not in use
        }
    }

    @Override
    public void close() {
        cleanable.clean();
    }
}
