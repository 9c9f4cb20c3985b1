package dev.attune.train;

import dev.attune.error.ConfigException;
import dev.attune.io.FileLocks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keeps other processes, and other runs of this one, out of the folder of a run. The system lets go of it if we die. */
final class RunLock implements AutoCloseable {
    private static final String NAME = ".attune.lock";

    /**
     * The folders that runs of this process are in. On POSIX a process loses its lock on a file when it closes any descriptor of that
     * file, so a second run must not even open it: static because the lock is the process's too.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileLock lock;

    private RunLock(Path file, FileLock lock) {
        this.file = file;
        this.lock = lock;
    }

    /** @throws ConfigException if somebody has it; names the process */
    static RunLock take(Path directory) {
        Path file;
        try {
            file = directory.toRealPath().resolve(NAME);
        } catch (IOException e) {
            throw cannotLock(directory, e);
        }
        if (!HELD.add(file)) throw inUse(directory, owner());
        RunLock lock = null;
        try {
            lock = take(directory, file);
            return lock;
        } finally {
            if (lock == null) HELD.remove(file);
        }
    }

    private static RunLock take(Path directory, Path file) {
        try {
            while (true) {
                Object before = key(file);
                FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = FileLocks.tryLock(channel);
                if (lock == null) {
                    String owner = text(channel);
                    channel.close();
                    throw inUse(directory, owner);
                }
                // Who had the lock before may have removed the file after we opened it, and somebody else may have made
                // a new one: then ours is a lock on nothing.
                if (Files.exists(file) && Objects.equals(before, key(file))) {
                    channel.truncate(0).write(bytes(owner()));
                    return new RunLock(file, lock);
                }
                channel.close();
            }
        } catch (IOException e) {
            throw cannotLock(directory, e);
        }
    }

    /** What file it is, whatever its name; null if there is none, and where the system does not tell. */
    private static @Nullable Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static ConfigException inUse(Path directory, String owner) {
        return new ConfigException("output_dir " + directory + " is in use by another training"
                + (owner.isBlank() ? "" : " (" + owner + ")") + ". Wait for it, or choose another folder.");
    }

    private static ConfigException cannotLock(Path directory, IOException e) {
        return new ConfigException("output_dir " + directory + " cannot be locked (" + e + ").", e);
    }

    private static String owner() {
        return "process " + ProcessHandle.current().pid() + " on " + host();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Through this channel: on POSIX, opening the file a second time would lose a lock of ours. */
    private static String text(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(200);
        channel.read(buffer, 0);
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "an unnamed machine";
        }
    }

    @Override
    public void close() {
        try (FileChannel held = (FileChannel) lock.acquiredBy()) {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The file may stay: it is the lock that counts, and that ends with the channel.
        } finally {
            HELD.remove(file);
        }
    }
}
