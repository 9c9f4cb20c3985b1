package dev.attune.checkpoint;

import com.google.protobuf.CodedInputStream;
import dev.attune.error.CheckpointException;
import dev.attune.io.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A sorted string table (LevelDB's format), which is what the {@code .index} file of a TensorFlow bundle is: blocks of
 * key-value pairs, each key written as "so many bytes like the one before, then these"; an index block of where the
 * blocks are; a footer of where the index is.
 *
 * <p>Source: https://github.com/google/leveldb/blob/main/doc/table_format.md.
 */
final class SortedTable {
    private static final long MAGIC = 0xdb4775248b80fb57L;
    private static final int FOOTER = 48;
    private static final int TRAILER = 5;
    private static final int MAX_KEY = 1 << 10;

    /**
     * Bytes of keys and values, and a charge for each pair: a hundred times what the largest BERT needs. A key may repeat
     * all of the one before in three bytes, so a small file could fill the memory.
     */
    private static final long MAX_BYTES = 16L << 20;

    private static final int PAIR = 100;
    private static final String REMEDY = " The file is damaged or not a TensorFlow index: fetch it again.";

    private final MappedFile file;
    private final Map<String, byte[]> values = new LinkedHashMap<>();
    private long room = MAX_BYTES;

    /** All pairs of the table in the order of their keys. */
    static Map<String, byte[]> read(MappedFile file) {
        SortedTable table = new SortedTable(file);
        try {
            table.read();
        } catch (IOException e) {
            throw table.fault("is cut short inside a block (" + e.getMessage() + ").");
        }
        return table.values;
    }

    private SortedTable(MappedFile file) {
        this.file = file;
    }

    private void read() throws IOException {
        if (file.size() < FOOTER) {
            throw fault("has " + file.size() + " bytes, but its footer alone needs " + FOOTER + ".");
        }
        ByteBuffer footer = file.slice(file.size() - FOOTER, FOOTER);
        long magic = footer.getLong(FOOTER - 8);
        if (magic != MAGIC) {
            throw fault("ends with magic number " + Long.toHexString(magic) + ", but " + Long.toHexString(MAGIC)
                    + " was expected.");
        }
        byte[] handles = new byte[FOOTER - 8];
        footer.get(0, handles);
        CodedInputStream in = CodedInputStream.newInstance(handles);
        handle(in); // of the meta index, which bundles leave empty
        for (byte[] block : pairs(handle(in)).values()) {
            Map<String, byte[]> pairs = pairs(handle(CodedInputStream.newInstance(block)));
            for (Map.Entry<String, byte[]> pair : pairs.entrySet()) put(values, pair.getKey(), pair.getValue());
        }
    }

    /** Where a block is: offset and size without its trailer. */
    private record Handle(long offset, long size) {}

    private Handle handle(CodedInputStream in) throws IOException {
        Handle handle = new Handle(in.readRawVarint64(), in.readRawVarint64());
        boolean inside = handle.offset() >= 0
                && handle.size() >= 4
                && handle.size() <= file.size() - TRAILER
                && handle.offset() <= file.size() - TRAILER - handle.size();
        if (!inside) {
            throw fault("points to a block of " + handle.size() + " bytes at " + handle.offset() + ", outside its "
                    + file.size() + " bytes.");
        }
        return handle;
    }

    private Map<String, byte[]> pairs(Handle handle) throws IOException {
        ByteBuffer block = file.slice(handle.offset(), handle.size() + TRAILER);
        int size = (int) handle.size();
        int expected = block.getInt(size + 1);
        int actual = maskedChecksum(block.slice(0, size + 1));
        if (actual != expected) {
            throw fault("has a block at " + handle.offset() + " whose checksum is " + Integer.toHexString(actual)
                    + ", but " + Integer.toHexString(expected) + " was expected.");
        }
        if (block.get(size) != 0) {
            throw new CheckpointException(file.path() + " has a compressed block (type " + block.get(size)
                    + "), which is not supported. Save the variables again with tf.train.Saver, which does not"
                    + " compress.");
        }
        // A block ends with the offsets of the keys that are written in full, and their count; reading on needs
        // neither.
        int restarts = block.getInt(size - 4);
        if (restarts < 0 || restarts > (size - 4) / 4) throw fault("has a block with " + restarts + " restarts.");
        byte[] bytes = new byte[size - 4 - 4 * restarts];
        block.get(0, bytes);
        return pairs(CodedInputStream.newInstance(bytes));
    }

    private Map<String, byte[]> pairs(CodedInputStream in) throws IOException {
        Map<String, byte[]> pairs = new LinkedHashMap<>();
        byte[] key = new byte[0];
        while (!in.isAtEnd()) {
            int shared = in.readRawVarint32();
            int added = in.readRawVarint32();
            int length = in.readRawVarint32();
            if (shared < 0 || shared > key.length || added < 0 || added > MAX_KEY - shared || length < 0) {
                throw fault("has a key that shares " + shared + " bytes with one of " + key.length + " and adds "
                        + added + ".");
            }
            room -= PAIR + shared + added + (long) length;
            if (room < 0) throw fault("has more than " + (MAX_BYTES >> 20) + " MiB of names and descriptions.");
            byte[] end = in.readRawBytes(added);
            key = Arrays.copyOf(key, shared + added);
            System.arraycopy(end, 0, key, shared, added);
            put(pairs, new String(key, StandardCharsets.UTF_8), in.readRawBytes(length));
        }
        return pairs;
    }

    private void put(Map<String, byte[]> pairs, String key, byte[] value) {
        if (pairs.put(key, value) != null) throw fault("has the key \"" + key + "\" twice.");
    }

    /** CRC-32C, turned and shifted as LevelDB does, so that a checksum of data holding checksums stays a good one. */
    static int maskedChecksum(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.duplicate());
        int value = (int) checksum.getValue();
        return Integer.rotateRight(value, 15) + 0xa282ead8;
    }

    private CheckpointException fault(String detail) {
        return new CheckpointException(file.path() + " " + detail + REMEDY);
    }
}
