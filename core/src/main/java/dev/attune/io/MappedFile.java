package dev.attune.io;

import dev.attune.error.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of any size seen through memory mappings. A Java buffer ends at 2 GiB, so the file is mapped in chunks, each
 * on first use; a slice that crosses a border gets a mapping of its own. Chunks rather than one mapping per tensor,
 * because the system allows only some 65 000 mappings.
 */
public final class MappedFile implements AutoCloseable {
    private static final long CHUNK = 1L << 30;

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final long chunkSize;
    private final @Nullable MappedByteBuffer[] chunks;
    /** Chunks, and slices across their borders. */
    private final List<MappedByteBuffer> mappings = new ArrayList<>();

    public static MappedFile open(Path path) {
        return open(path, CHUNK);
    }

    public static MappedFile open(Path path, long chunkSize) {
        try {
            if (Files.isDirectory(path)) {
                throw new CheckpointException(path + " is a directory, but a file was expected.");
            }
            return new MappedFile(path, FileChannel.open(path, StandardOpenOption.READ), chunkSize);
        } catch (NoSuchFileException e) {
            throw new CheckpointException("File " + path + " does not exist. Check the path, or fetch it again.", e);
        } catch (IOException e) {
            throw new CheckpointException("Cannot open " + path + ": " + e.getMessage() + ". Check its rights.", e);
        }
    }

    private MappedFile(Path path, FileChannel channel, long chunkSize) throws IOException {
        this.path = path;
        this.channel = channel;
        this.size = channel.size();
        this.chunkSize = chunkSize;
        this.chunks = new MappedByteBuffer[Math.toIntExact((size + chunkSize - 1) / chunkSize)];
    }

    public Path path() {
        return path;
    }

    public long size() {
        return size;
    }

    /** A little-endian, read-only view of {@code length} bytes at {@code offset}; both must lie within the file. */
    public ByteBuffer slice(long offset, long length) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new IndexOutOfBoundsException(offset + " + " + length + " of " + size + " bytes in " + path);
        }
        if (length > Integer.MAX_VALUE) {
            throw new CheckpointException(
                    "A tensor in " + path + " has " + length + " bytes, but one tensor may have at" + " most "
                            + Integer.MAX_VALUE + ". Store it in a smaller type (BF16), or split it.");
        }
        if (!channel.isOpen()) throw closed();
        if (length == 0) return ByteBuffer.allocateDirect(0).order(ByteOrder.LITTLE_ENDIAN);
        int chunk = (int) (offset / chunkSize);
        long start = chunk * chunkSize;
        ByteBuffer view = offset + length <= Math.min(start + chunkSize, size)
                ? chunk(chunk, start).slice((int) (offset - start), (int) length)
                : map(offset, length);
        return view.order(ByteOrder.LITTLE_ENDIAN);
    }

    private synchronized MappedByteBuffer chunk(int index, long start) {
        MappedByteBuffer mapped = chunks[index];
        if (mapped == null) chunks[index] = mapped = map(start, Math.min(chunkSize, size - start));
        return mapped;
    }

    private synchronized MappedByteBuffer map(long offset, long length) {
        try {
            // Mapping past the end of a read-only file fails with a puzzling "channel not open for writing".
            if (channel.size() < offset + length) {
                throw new CheckpointException("File " + path + " became shorter while it was open: " + channel.size()
                        + " bytes, at first " + size + ". Open it again when it is complete.");
            }
            MappedByteBuffer mapped = channel.map(MapMode.READ_ONLY, offset, length);
            mappings.add(mapped);
            return mapped;
        } catch (ClosedChannelException e) {
            throw closed();
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot map " + length + " bytes of " + path + " into memory: " + e.getMessage() + ".", e);
        }
    }

    private CheckpointException closed() {
        return new CheckpointException("File " + path + " is closed. Read its tensors before closing the weights.");
    }

    /** Takes the pages that were read so far out of memory; slices read them from the file again. */
    public synchronized void forget() {
        mappings.forEach(MappedPages::drop);
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
        forget();
    }
}
