package dev.attune.data.store;

import dev.attune.io.MappedPages;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Byte records one after the other, each behind its length, in memory or in a mapped file. Only every 16th has its
 * address kept, in half a byte a record: the way from there is over a few neighbouring bytes. Immutable.
 *
 * <p>A buffer ends at 2 GiB, so the bytes lie in segments of {@code 1 << segmentBits}; no record crosses a border, and a
 * length of 0 says that the next one is in the next segment.
 */
public final class Records implements AutoCloseable {
    /** Records that share one address: {@code 1 << GROUP_BITS}. */
    public static final int GROUP_BITS = 4;

    public static final int SEGMENT_BITS = 30;

    private final ByteBuffer[] segments;
    private final long[] groups;
    private final int size;
    private final int segmentBits;
    private final @Nullable AutoCloseable keep; // what must not be collected while the segments are in use

    public Records(ByteBuffer[] segments, long[] groups, int size, int segmentBits, @Nullable AutoCloseable keep) {
        this.segments = segments;
        this.groups = groups;
        this.size = size;
        this.segmentBits = segmentBits;
        this.keep = keep;
    }

    public int size() {
        return size;
    }

    /** Whether the bytes are in the heap, not in a file. */
    public boolean inHeap() {
        return segments.length == 0 || segments[0].hasArray();
    }

    /** Lets go of the file: no record may be read afterwards. Otherwise the garbage collector does it. */
    @Override
    public void close() {
        for (ByteBuffer segment : segments) if (segment instanceof MappedByteBuffer mapped) MappedPages.drop(mapped);
        try {
            if (keep != null) keep.close();
        } catch (Exception e) {
            throw new IllegalStateException("the file of the records cannot be closed", e);
        }
    }

    /** A reader of one record. */
    public ByteReader read(int record) {
        Objects.checkIndex(record, size);
        Cursor cursor = new Cursor(groups[record >>> GROUP_BITS]);
        for (int skip = record & (1 << GROUP_BITS) - 1; skip >= 0; skip--) cursor.next();
        return cursor.reader();
    }

    /** Every record in their order: no way to it as for a record alone. */
    public void forEach(Consumer<ByteReader> consumer) {
        if (size == 0) return;
        Cursor cursor = new Cursor(0);
        for (int record = 0; record < size; record++) {
            cursor.next();
            consumer.accept(cursor.reader());
        }
    }

    /** Goes from one record to the next. */
    private final class Cursor {
        private int segment;
        private ByteBuffer bytes;
        private int start;
        private int end; // where the length of the next record is

        Cursor(long address) {
            segment = (int) (address >>> segmentBits);
            bytes = segments[segment];
            end = (int) (address & (1L << segmentBits) - 1);
        }

        void next() {
            int at = end;
            if (at == bytes.limit() || bytes.get(at) == 0) {
                bytes = segments[++segment];
                at = 0;
            }
            long length = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = bytes.get(at++);
                length |= (long) (next & 0x7F) << shift;
                if (next >= 0) break;
                if (shift > 28) throw new IndexOutOfBoundsException("a record has no length at byte " + at);
            }
            if (length > bytes.limit() - at) {
                throw new IndexOutOfBoundsException("a record of " + length + " bytes at " + at);
            }
            start = at;
            end = at + (int) length;
        }

        ByteReader reader() {
            return new ByteReader(bytes, start, end);
        }
    }
}
