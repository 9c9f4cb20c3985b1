package dev.attune.checkpoint;

import com.google.protobuf.CodedInputStream;
import dev.attune.fuzz.FuzzTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@code .index} file of a TensorFlow bundle, beside its data file. */
public final class TensorFlowBundleFuzz implements FuzzTarget {
    private static final int FOOTER = 48;

    @Override
    public String reader() {
        return "tensorflow-bundle";
    }

    @Override
    public String file() {
        return "bundle.index";
    }

    private static BundleFixture bundle() {
        return new BundleFixture()
                .add("bert/embeddings/word_embeddings", 1, new long[] {2, 2}, Bytes.floats(1, 2, 3, 4))
                .add("bert/encoder/layer_0/attention/self/query/kernel", 1, new long[] {2, 1}, Bytes.floats(1, 2))
                .add("bert/encoder/layer_0/attention/self/query/bias", 1, new long[] {1}, Bytes.floats(5))
                .add("global_step", 9, new long[] {}, Bytes.longs(7))
                .add("other", 14, new long[] {0, 3}, new byte[0]);
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(bundle().index());
    }

    @Override
    public List<String> words() {
        return List.of(
                "bert/",
                "kernel",
                "output_weights",
                "adam_m",
                "\u0012\u0004\u0012\u0002\u0008\u0002",
                "\u0008\u0001",
                "\u003a\u0000");
    }

    /** The checksum of each block that can be found, and the magic number at the end. */
    @Override
    public byte[] seal(byte[] input) {
        if (input.length < FOOTER) return input;
        ByteBuffer file = ByteBuffer.wrap(input.clone()).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(file.limit() - 8, 0xdb4775248b80fb57L);
        byte[] footer = new byte[FOOTER - 8];
        file.get(file.limit() - FOOTER, footer);
        try {
            CodedInputStream in = CodedInputStream.newInstance(footer);
            block(file, in);
            byte[] index = block(file, in);
            for (byte[] handle : values(index)) block(file, CodedInputStream.newInstance(handle));
        } catch (IOException e) {
            // so far and no further
        }
        return file.array();
    }

    private static byte[] block(ByteBuffer file, CodedInputStream handle) throws IOException {
        long offset = handle.readRawVarint64();
        long size = handle.readRawVarint64();
        if (offset < 0 || size < 0 || offset > file.limit() || size > file.limit() - offset - 5) return new byte[0];
        int checksum = SortedTable.maskedChecksum(file.slice((int) offset, (int) size + 1));
        file.putInt((int) (offset + size + 1), checksum);
        byte[] block = new byte[(int) size];
        file.get((int) offset, block);
        return block;
    }

    private static List<byte[]> values(byte[] block) throws IOException {
        List<byte[]> values = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(block, 0, Math.max(0, block.length - 8));
        while (!in.isAtEnd()) {
            in.readRawVarint32();
            int added = in.readRawVarint32();
            int length = in.readRawVarint32();
            in.skipRawBytes(added);
            values.add(in.readRawBytes(length));
        }
        return values;
    }

    @Override
    public void prepare(Path folder) throws IOException {
        ByteArrayOutputStream data = bundle().data;
        Files.write(folder.resolve("bundle.data-00000-of-00001"), data.toByteArray());
    }

    @Override
    public void read(Path file) {
        WeightsFuzz.readAll(file);
    }

    @Override
    public boolean namesFile(String message) {
        return message.contains("bundle.");
    }
}
