package dev.attune.io;

import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Files that are there completely or not at all: written beside the target, forced to disk, then moved over it. A crash
 * leaves the old file, and at worst a {@code .name.*.tmp} beside it. Parent directories are made.
 */
public final class AtomicFiles {

    /** Writes to {@code T} and may fail with an {@link IOException}. */
    @FunctionalInterface
    public interface ThrowingConsumer<T> {
        void accept(T target) throws IOException;
    }

    private AtomicFiles() {}

    /**
     * Writes a file through a buffered stream.
     *
     * @throws CheckpointException if it cannot be written; the old file, if any, is untouched
     */
    public static void write(Path file, ThrowingConsumer<OutputStream> content) {
        writeChannel(file, channel -> buffered(channel, content));
    }

    /**
     * Writes a file that a user named for output. A link stays, and the file that it points to is replaced; what is no file,
     * such as {@code /dev/null} or a pipe, is written to directly.
     *
     * @throws ConfigException if it cannot be written; the old file, if any, is untouched
     */
    public static void writeOutput(Path file, ThrowingConsumer<OutputStream> content) {
        if (Files.isDirectory(file)) {
            throw new ConfigException("Cannot write " + file + ": it is a directory. Name a file.");
        }
        try {
            if (!Files.exists(file)) {
                replace(file, channel -> buffered(channel, content));
            } else if (Files.isRegularFile(file)) {
                replace(file.toRealPath(), channel -> buffered(channel, content));
            } else {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    buffered(channel, content);
                }
            }
        } catch (IOException e) {
            throw new ConfigException(cannotWrite(file, e), e);
        }
    }

    private static void buffered(FileChannel channel, ThrowingConsumer<OutputStream> content) throws IOException {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        content.accept(out);
        out.flush();
    }

    /** Writes a text file in UTF-8. */
    public static void writeString(Path file, String text) {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes a file through a channel: large direct buffers go to the disk without a copy in the heap. */
    public static void writeChannel(Path file, ThrowingConsumer<FileChannel> content) {
        if (Files.isDirectory(file)) {
            throw new CheckpointException("Cannot write " + file + ": it is a directory. Name a file.");
        }
        try {
            replace(file, content);
        } catch (IOException e) {
            throw new CheckpointException(cannotWrite(file, e), e);
        }
    }

    private static void replace(Path file, ThrowingConsumer<FileChannel> content) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null) throw new IOException("it has no folder");
        // Not Files.createTempFile: that makes files only their owner may read, and the move would keep that.
        Path temporary = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.createDirectories(folder);
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.accept(channel);
                channel.force(true);
            }
            move(temporary, target);
            forceDirectory(folder);
        } finally {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException leftOver) {
                // The failure that matters is already on its way; a left-over temporary file harms nobody.
            }
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The move itself must reach the disk too. Windows cannot open directories and needs no such call. */
    static void forceDirectory(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException notSupported) {
            // Best effort: the content is forced, and a lost move leaves the old file whole.
        }
    }

    private static String cannotWrite(Path file, IOException e) {
        return "Cannot write " + file + ": " + reason(e) + ". Check free space and the rights of the folder.";
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() == null)
            return e.getClass().getSimpleName();
        return e instanceof FileSystemException f ? f.getReason() : String.valueOf(e.getMessage());
    }
}
