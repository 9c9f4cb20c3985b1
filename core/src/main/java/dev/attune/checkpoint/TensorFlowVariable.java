package dev.attune.checkpoint;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.attune.tensor.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a bundle's index: {@code BundleEntryProto} of TensorFlow's {@code tensor_bundle.proto}.
 *
 * @param type number of {@code DataType} in TensorFlow's {@code types.proto}
 * @param sliced whether the variable is partitioned over several entries
 */
record TensorFlowVariable(
        int type, long[] shape, int shard, long offset, long size, int checksum, boolean sliced, boolean hasChecksum) {
    private static final int MAX_DIMENSIONS = 64;

    static TensorFlowVariable parse(byte[] entry) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(entry);
        int type = 0;
        long[] shape = {};
        int shard = 0;
        long offset = 0;
        long size = 0;
        int checksum = 0;
        boolean sliced = false;
        boolean hasChecksum = false;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 | WireFormat.WIRETYPE_VARINT -> type = in.readInt32();
                case 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> shape = shape(in);
                case 3 << 3 | WireFormat.WIRETYPE_VARINT -> shard = in.readInt32();
                case 4 << 3 | WireFormat.WIRETYPE_VARINT -> offset = in.readInt64();
                case 5 << 3 | WireFormat.WIRETYPE_VARINT -> size = in.readInt64();
                case 6 << 3 | WireFormat.WIRETYPE_FIXED32 -> {
                    checksum = in.readFixed32();
                    hasChecksum = true;
                }
                case 7 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                    sliced = true;
                    in.skipField(tag);
                }
                default -> in.skipField(tag);
            }
        }
        return new TensorFlowVariable(type, shape, shard, offset, size, checksum, sliced, hasChecksum);
    }

    private static long[] shape(CodedInputStream in) throws IOException {
        List<Long> shape = new ArrayList<>();
        NestedMessage.read(in, tag -> {
            if (tag != (2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                in.skipField(tag);
                return;
            }
            if (shape.size() == MAX_DIMENSIONS) throw new IOException("more than " + MAX_DIMENSIONS + " dimensions");
            shape.add(dimension(in));
        });
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    private static long dimension(CodedInputStream in) throws IOException {
        long[] size = {0};
        NestedMessage.read(in, tag -> {
            if (tag == (1 << 3 | WireFormat.WIRETYPE_VARINT)) size[0] = in.readInt64();
            else in.skipField(tag);
        });
        return size[0];
    }

    /** Null for strings, complex, quantized and resource types. */
    @Nullable
    DType dtype() {
        return switch (type) {
            case 1 -> DType.FLOAT32;
            case 2 -> DType.FLOAT64;
            case 3 -> DType.INT32;
            case 4 -> DType.UINT8;
            case 5 -> DType.INT16;
            case 6 -> DType.INT8;
            case 9 -> DType.INT64;
            case 10 -> DType.BOOL;
            case 14 -> DType.BFLOAT16;
            case 19 -> DType.FLOAT16;
            default -> null;
        };
    }
}
