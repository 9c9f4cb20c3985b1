package dev.attune.data.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** {@link Records} in a file. */
public final class RecordFile {
    /** Files up to this size are read and compared with their checksum when they are opened. */
    private static final long CHECKED = 64L << 20;

    private RecordFile() {}

    /**
     * What is known of a file of records beside its bytes.
     *
     * @param size records
     * @param bytes length of the file
     * @param checksum CRC-32C of its content
     * @param groups address of every 16th record
     */
    public record Facts(int size, long bytes, long checksum, long[] groups, int segmentBits) {}

    /** A file that goes away by itself, at the latest with the process: it has no name, or Windows removes it. */
    public static FileChannel temporary() throws IOException {
        Path file = Files.createTempFile("attune-", ".rows"); // only its owner may read it
        return FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    public static ByteBuffer[] map(FileChannel channel, long bytes, int segmentBits) throws IOException {
        ByteBuffer[] segments = new ByteBuffer[Math.toIntExact((bytes + (1L << segmentBits) - 1) >>> segmentBits)];
        for (int i = 0; i < segments.length; i++) {
            long start = (long) i << segmentBits;
            segments[i] = channel.map(MapMode.READ_ONLY, start, Math.min(1L << segmentBits, bytes - start));
        }
        return segments;
    }

    /**
     * @param keep what must not be collected while the records are in use
     * @throws DamagedEntryException if the file is not the one that the facts tell of
     */
    public static Records open(Path file, Facts facts, @Nullable AutoCloseable keep) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != facts.bytes) {
                throw new DamagedEntryException(file + " has " + channel.size() + " bytes, expected " + facts.bytes);
            }
            if (facts.groups.length != (facts.size + (1 << Records.GROUP_BITS) - 1) >>> Records.GROUP_BITS) {
                throw new DamagedEntryException(
                        facts.groups.length + " addresses of " + facts.size + " records in " + file);
            }
            ByteBuffer[] segments = map(channel, facts.bytes, facts.segmentBits);
            if (facts.bytes <= CHECKED) {
                CRC32C checksum = new CRC32C();
                for (ByteBuffer segment : segments) checksum.update(segment.duplicate());
                if (checksum.getValue() != facts.checksum)
                    throw new DamagedEntryException(file + " has another checksum");
            }
            return new Records(segments, facts.groups, facts.size, facts.segmentBits, keep);
        }
    }
}
