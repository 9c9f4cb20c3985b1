package dev.attune.data.store;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.error.StoppedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Writes {@link Records}: to the heap at first, and to a file once they are more than a limit. */
public final class RecordWriter {
    /** Bytes that stay in the heap. */
    public static final int HEAP =
            (int) Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 16);

    private static final int BUFFER = 1 << 20;
    private static final int LONGEST_HEADER = 5;

    /** Gives the file for records that are too many for the heap; asked at most once. */
    @FunctionalInterface
    public interface Spill {
        FileChannel open() throws IOException;
    }

    private final Spill spill;
    private final int heapLimit;
    private final int segmentBits;
    private final CRC32C checksum = new CRC32C();
    private final byte[] header = new byte[LONGEST_HEADER];
    private byte[] buffer = new byte[1 << 12];
    private int used;
    private long written; // place in the file of the first byte of the buffer
    private long[] groups = new long[16];
    private int size;
    private @Nullable FileChannel channel;

    public RecordWriter(int heapLimit, Spill spill) {
        this(heapLimit, spill, Records.SEGMENT_BITS);
    }

    public RecordWriter(int heapLimit, Spill spill, int segmentBits) {
        this.spill = spill;
        this.heapLimit = (int) Math.min(heapLimit, 1L << segmentBits);
        this.segmentBits = segmentBits;
    }

    public int size() {
        return size;
    }

    /** @param length of the record, at least 1 */
    public void add(byte[] record, int length) {
        int headerLength = header(length);
        try {
            long needed = (long) headerLength + length;
            if (channel == null && used + needed > heapLimit) {
                channel = spill.open();
                flush();
            }
            if (channel != null) fitSegment(needed);
            reserve(needed);
        } catch (IOException e) {
            throw failed(e);
        }
        if ((size & (1 << Records.GROUP_BITS) - 1) == 0) {
            int group = size >>> Records.GROUP_BITS;
            if (group == groups.length) groups = Arrays.copyOf(groups, group + (group >> 1));
            groups[group] = written + used;
        }
        System.arraycopy(header, 0, buffer, used, headerLength);
        System.arraycopy(record, 0, buffer, used + headerLength, length);
        used += headerLength + length;
        size = Math.incrementExact(size);
    }

    private int header(int length) {
        int at = 0;
        for (int rest = length; ; rest >>>= 7) {
            boolean last = rest < 0x80;
            header[at++] = (byte) (last ? rest : rest | 0x80);
            if (last) return at;
        }
    }

    /** Goes to the next segment if the record would cross the border. */
    private void fitSegment(long needed) throws IOException {
        long segment = 1L << segmentBits;
        if (needed > segment) {
            throw new DataException("Row " + (size + 1) + " has " + needed + " bytes, but a row may have at most "
                    + segment + ". Split it.");
        }
        long rest = segment - (written + used & segment - 1);
        if (rest >= needed || rest == segment) return;
        reserve(1);
        buffer[used++] = 0;
        flush();
        checksum.update(new byte[(int) rest - 1]);
        written += rest - 1; // a hole in the file, which reads as zeros
    }

    private void reserve(long needed) throws IOException {
        if (used + needed <= buffer.length) return;
        if (channel != null) flush();
        long length = channel == null ? Math.max(Math.min(2L * buffer.length, heapLimit), used + needed) : needed;
        if (length > buffer.length) buffer = Arrays.copyOf(buffer, Math.toIntExact(length));
    }

    private void flush() throws IOException {
        FileChannel out = file();
        checksum.update(buffer, 0, used);
        for (int at = 0; at < used; ) {
            // In pieces: Java keeps a direct buffer as large as the largest piece that a thread has written.
            at += out.write(ByteBuffer.wrap(buffer, at, Math.min(BUFFER, used - at)), written + at);
        }
        written += used;
        used = 0;
        if (buffer.length != BUFFER) buffer = new byte[BUFFER];
    }

    private FileChannel file() {
        if (channel == null) throw new IllegalStateException("there is no file");
        return channel;
    }

    /** Whether the records went to the file. */
    public boolean spilled() {
        return channel != null;
    }

    /** The records, if they are in the heap or in a file that only this process knows. */
    public Records finish() {
        if (channel == null) {
            ByteBuffer[] heap = {ByteBuffer.wrap(Arrays.copyOf(buffer, used))};
            return new Records(heap, groups(), size, segmentBits, null);
        }
        try {
            flush();
            return new Records(RecordFile.map(channel, written, segmentBits), groups(), size, segmentBits, channel);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Ends the file and tells what {@link RecordFile#open} needs to know of it. */
    public RecordFile.Facts finishFile() throws IOException {
        flush();
        FileChannel out = file();
        out.force(true);
        out.close();
        return new RecordFile.Facts(size, written, checksum.getValue(), groups(), segmentBits);
    }

    /** Lets go of the file; what was written is lost. */
    public void abandon() {
        try {
            if (channel != null) channel.close();
        } catch (IOException e) {
            // it is to be deleted in any case
        }
    }

    private long[] groups() {
        int count = (size + (1 << Records.GROUP_BITS) - 1) >>> Records.GROUP_BITS;
        return Arrays.copyOf(groups, count);
    }

    public static RuntimeException failed(IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return new StoppedException("Interrupted while rows were kept in a file.", e);
        }
        return new ConfigException(
                "Rows that are too many for memory cannot be kept in a file: " + e.getMessage()
                        + ". Set ATTUNE_HOME (or java.io.tmpdir) to a folder that can be written to and has room.",
                e);
    }
}
