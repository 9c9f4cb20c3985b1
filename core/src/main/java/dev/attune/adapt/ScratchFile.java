package dev.attune.adapt;

import dev.attune.error.ConfigException;
import dev.attune.io.ByteSize;
import dev.attune.io.MappedFile;
import dev.attune.io.WholeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file for what does not fit into memory: written, then read through a mapping. It has no name any more as soon as it is open,
 * so a process that is killed leaves nothing; where that cannot be, it is removed at the end.
 */
final class ScratchFile implements AutoCloseable {
    private final Path path;
    private final long size;
    private final FileChannel channel;
    private @Nullable MappedFile mapped;

    private ScratchFile(Path path, long size, FileChannel channel) {
        this.path = path;
        this.size = size;
        this.channel = channel;
    }

    /** @throws ConfigException if the disk has no room for so many bytes, or takes no file */
    static ScratchFile in(Path folder, long bytes) {
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free > 0 && free < bytes) {
                throw new ConfigException("frozen_prefix: cache needs " + ByteSize.text(bytes) + " in " + folder
                        + " besides memory, but only " + ByteSize.text(free)
                        + " are free there. Set frozen_prefix: compute, or free some space.");
            }
            Path path = Files.createTempFile(folder, ".frozen-prefix-", ".bin");
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new ScratchFile(path, bytes, channel);
        } catch (IOException e) {
            throw cannotWrite(folder, e);
        }
    }

    private static ConfigException cannotWrite(Path where, IOException e) {
        return new ConfigException(
                "frozen_prefix: cache cannot write into " + where + " (" + e.getMessage()
                        + "). Set frozen_prefix: compute, or free some space.",
                e);
    }

    long size() {
        return size;
    }

    void write(long place, ByteBuffer bytes) {
        try {
            WholeBuffer.write(channel, bytes, place);
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    /** What was written there; whatever will be read has to be written by the first time. */
    ByteBuffer read(long place, int count) {
        if (mapped == null) mapped = map();
        return mapped.slice(place, count);
    }

    private MappedFile map() {
        MappedFile opened = MappedFile.open(path);
        remove();
        return opened;
    }

    /** Where an open file cannot be removed, it is when it is closed. */
    private void remove() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException stillOpen) {
            path.toFile().deleteOnExit();
        }
    }

    @Override
    public void close() {
        try (channel) {
            if (mapped != null) mapped.close();
        } catch (IOException e) {
            // Nobody reads it again.
        }
        remove();
    }
}
