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
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps other processes, and other runs of this one, out of the folder of a run. The system lets go of it if we die. */
final class RunLock implements AutoCloseable {
    private static final String NAME = ".attune.lock";

    private final Path file;
    private final FileLock lock;

    private RunLock(Path file, FileLock lock) {
        this.file = file;
        this.lock = lock;
    }

    /** @throws ConfigException if somebody has it; names the process */
    static RunLock take(Path directory) {
        Path file = directory.resolve(NAME);
        try {
            while (true) {
                FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = FileLocks.tryLock(channel);
                if (lock == null) {
                    String owner = text(channel);
                    channel.close();
                    throw new ConfigException("output_dir " + directory + " is in use by another training"
                            + (owner.isBlank() ? "" : " (" + owner + ")") + ". Wait for it, or choose another folder.");
                }
                // Who had the lock before may have removed the file between our two calls: then it is a lock on
                // nothing.
                if (Files.exists(file)) {
                    channel.truncate(0)
                            .write(bytes("process " + ProcessHandle.current().pid() + " on " + host()));
                    return new RunLock(file, lock);
                }
                channel.close();
            }
        } catch (IOException e) {
            throw new ConfigException("output_dir " + directory + " cannot be locked (" + e + ").", e);
        }
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
        }
    }
}
