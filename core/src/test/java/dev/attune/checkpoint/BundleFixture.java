package dev.attune.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Writes TensorFlow variable bundles, whole or with a fault. */
public final class BundleFixture {
    final Map<String, byte[]> table = new TreeMap<>();
    final ByteArrayOutputStream data = new ByteArrayOutputStream();
    int compression;
    boolean wrongBlockChecksum;

    public BundleFixture() {
        table.put(
                "",
                new Protobuf()
                        .number(1, 1)
                        .message(3, new Protobuf().number(1, 1))
                        .toByteArray());
    }

    public BundleFixture add(String name, int type, long[] shape, byte[] bytes) {
        int checksum = SortedTable.maskedChecksum(ByteBuffer.wrap(bytes));
        return put(name, entry -> entry.fixed(6, checksum), type, shape, bytes);
    }

    interface More {
        Protobuf to(Protobuf entry);
    }

    /** Adds a variable whose description is completed by {@code more}. */
    BundleFixture put(String name, More more, int type, long[] shape, byte[] bytes) {
        Protobuf entry = new Protobuf()
                .number(1, type)
                .message(2, shape(shape))
                .number(4, data.size())
                .number(5, bytes.length);
        data.writeBytes(bytes);
        table.put(name, more.to(entry).toByteArray());
        return this;
    }

    private static Protobuf shape(long[] sizes) {
        Protobuf shape = new Protobuf();
        for (long size : sizes) shape.message(2, new Protobuf().number(1, size));
        return shape;
    }

    /** Writes both files and returns the index. */
    public Path write(Path folder, String name) {
        Bytes.write(folder.resolve(name + ".data-00000-of-00001"), data.toByteArray());
        return Bytes.write(folder.resolve(name + ".index"), index());
    }

    /** Two data blocks, so that the index block has two entries; keys share prefixes. */
    byte[] index() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, byte[]> handles = new TreeMap<>();
        int half = (table.size() + 1) / 2;
        Map<String, byte[]> block = new TreeMap<>();
        for (Map.Entry<String, byte[]> pair : table.entrySet()) {
            block.put(pair.getKey(), pair.getValue());
            if (block.size() == half) flush(out, block, handles);
        }
        if (!block.isEmpty()) flush(out, block, handles);
        byte[] meta = append(out, block(Map.of()));
        byte[] index = append(out, block(handles));
        byte[] footer = Arrays.copyOf(Bytes.join(meta, index), 48);
        ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN).putLong(40, 0xdb4775248b80fb57L);
        return Bytes.join(out.toByteArray(), footer);
    }

    private void flush(ByteArrayOutputStream out, Map<String, byte[]> block, Map<String, byte[]> handles) {
        String last = ((TreeMap<String, byte[]>) block).lastKey();
        handles.put(last, append(out, block(block)));
        block.clear();
    }

    private byte[] append(ByteArrayOutputStream out, byte[] block) {
        byte[] handle = Bytes.join(varint(out.size()), varint(block.length));
        byte[] typed = Bytes.join(block, new byte[] {(byte) compression});
        int checksum = SortedTable.maskedChecksum(ByteBuffer.wrap(typed)) + (wrongBlockChecksum ? 1 : 0);
        out.writeBytes(typed);
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(checksum)
                .array());
        return handle;
    }

    private static byte[] block(Map<String, byte[]> pairs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] before = new byte[0];
        for (Map.Entry<String, byte[]> pair : pairs.entrySet()) {
            byte[] key = pair.getKey().getBytes(StandardCharsets.UTF_8);
            int shared = Arrays.mismatch(before, key);
            if (shared < 0) shared = key.length;
            byte[] added = Arrays.copyOfRange(key, shared, key.length);
            out.writeBytes(varint(shared));
            out.writeBytes(varint(added.length));
            out.writeBytes(varint(pair.getValue().length));
            out.writeBytes(added);
            out.writeBytes(pair.getValue());
            before = key;
        }
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0)
                .putInt(1)
                .array());
        return out.toByteArray();
    }

    private static byte[] varint(int value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int rest = value;
        for (; rest > 127; rest >>>= 7) out.write(rest & 127 | 128);
        out.write(rest);
        return out.toByteArray();
    }
}
