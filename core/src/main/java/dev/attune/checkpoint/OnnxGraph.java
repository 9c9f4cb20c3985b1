package dev.attune.checkpoint;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.attune.error.CheckpointException;
import dev.attune.io.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an ONNX file that tell about its weights: initializers (where their bytes are, not the bytes) and nodes.
 * Everything else is skipped. Field numbers are those of {@code onnx.proto3}, https://github.com/onnx/onnx.
 */
final class OnnxGraph {
    private static final int MAX_DIMENSIONS = 64;

    /** Most nodes, and most initializers: ten times those of a large model. One of two bytes takes 300 of memory. */
    private static final int MAX_PARTS = 200_000;

    /** Most values of a tensor that are kept: those of a shape. */
    private static final int FEW = 8;

    /** Numbers of {@code TensorProto.DataType} that matter here. */
    static final int FLOAT = 1;

    static final int INT32 = 6;
    static final int INT64 = 7;
    static final int FLOAT16 = 10;
    static final int DOUBLE = 11;
    static final int BFLOAT16 = 16;

    /**
     * A constant tensor of the graph.
     *
     * @param offset where its bytes begin in the file, or -1 if they are stored in a way that cannot be viewed
     * @param length bytes
     * @param external whether the values are in another file
     * @param few the values if they are few, as a shape or an epsilon is; null for others
     */
    record Initializer(
            String name, long[] shape, int type, long offset, long length, boolean external, double @Nullable [] few) {}

    /**
     * An operation.
     *
     * @param numbers attributes that are numbers, or tensors of a few numbers
     * @param texts attributes that are text
     */
    record Node(
            String name,
            String op,
            List<String> inputs,
            List<String> outputs,
            Map<String, double[]> numbers,
            Map<String, String> texts) {
        /** Whether a Gemm turns its second input. */
        boolean transB() {
            double[] value = numbers.get("transB");
            return value != null && value.length > 0 && value[0] != 0;
        }
    }

    private final MappedFile file;
    private final CodedInputStream in;
    private final List<Initializer> initializers = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private boolean found;

    static OnnxGraph read(MappedFile file) {
        if (file.size() > Integer.MAX_VALUE) {
            throw new CheckpointException(file.path() + " has " + file.size()
                    + " bytes, but an ONNX file ends at 2 GiB." + " Export the model as safetensors.");
        }
        OnnxGraph graph = new OnnxGraph(file);
        try {
            graph.model();
        } catch (IOException e) {
            throw new CheckpointException(
                    file.path() + " is not an ONNX file, or is damaged or cut short, near byte "
                            + graph.in.getTotalBytesRead() + " of " + file.size() + " (" + e.getMessage()
                            + "). Fetch or export it again.",
                    e);
        }
        if (!graph.found) {
            throw new CheckpointException(
                    file.path() + " is not an ONNX model: it has no graph. Fetch or export it again.");
        }
        return graph;
    }

    private OnnxGraph(MappedFile file) {
        this.file = file;
        this.in = CodedInputStream.newInstance(file.slice(0, file.size()));
    }

    List<Initializer> initializers() {
        return initializers;
    }

    List<Node> nodes() {
        return nodes;
    }

    private static boolean is(int tag, int number, int wireType) {
        return WireFormat.getTagFieldNumber(tag) == number && WireFormat.getTagWireType(tag) == wireType;
    }

    /** The decimal number that was meant: 1e-12, not the 9.999999960041972e-13 that the float is exactly. */
    private static double shortest(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    private void model() throws IOException {
        NestedMessage.fields(in, tag -> {
            if (is(tag, 7, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                found = true;
                NestedMessage.read(in, this::graph);
            } else {
                in.skipField(tag);
            }
        });
    }

    private void graph(int tag) throws IOException {
        if (is(tag, 1, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
            nodes.add(new NodeReader().read());
        } else if (is(tag, 5, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
            initializers.add(new TensorReader().read());
        } else {
            in.skipField(tag);
        }
        if (Math.max(nodes.size(), initializers.size()) > MAX_PARTS) {
            throw new CheckpointException(file.path() + " has more than " + MAX_PARTS
                    + " nodes or initializers, as no model has. The file is damaged: fetch or export it again.");
        }
    }

    private final class NodeReader {
        private String name = "";
        private String op = "";
        private final List<String> inputs = new ArrayList<>();
        private final List<String> outputs = new ArrayList<>();
        private final Map<String, double[]> numbers = new HashMap<>();
        private final Map<String, String> texts = new HashMap<>();

        Node read() throws IOException {
            NestedMessage.read(in, tag -> {
                switch (tag) {
                    case 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> inputs.add(in.readString());
                    case 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> outputs.add(in.readString());
                    case 3 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> name = in.readString();
                    case 4 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> op = in.readString();
                    case 5 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> new AttributeReader().read(numbers, texts);
                    default -> in.skipField(tag);
                }
            });
            return new Node(name, op, inputs, outputs, numbers, texts);
        }
    }

    /** Which field holds the value depends on the attribute's type; a file fills only one. */
    private final class AttributeReader {
        private String name = "";
        private @Nullable String text;
        private double @Nullable [] number;
        private final Few few = new Few();

        void read(Map<String, double[]> numbers, Map<String, String> texts) throws IOException {
            NestedMessage.read(in, tag -> {
                switch (tag) {
                    case 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> name = in.readString();
                    case 2 << 3 | WireFormat.WIRETYPE_FIXED32 -> number = new double[] {shortest(in.readFloat())};
                    case 3 << 3 | WireFormat.WIRETYPE_VARINT -> number = new double[] {in.readInt64()};
                    case 4 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> text = in.readString();
                    case 5 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                        number = new TensorReader().read().few();
                    case 7 << 3 | WireFormat.WIRETYPE_FIXED32 -> few.add(shortest(in.readFloat()));
                    case 8 << 3 | WireFormat.WIRETYPE_VARINT -> few.add(in.readInt64());
                    case 8 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> few.addVarints();
                    default -> in.skipField(tag);
                }
            });
            double[] value = few.isEmpty() ? number : few.values();
            if (value != null) numbers.put(name, value);
            if (text != null) texts.put(name, text);
        }
    }

    /** Collects numbers and gives up when they become many. */
    private final class Few {
        private final double[] values = new double[FEW];
        private int count;

        void add(double value) {
            if (count < FEW) values[count] = value;
            count++;
        }

        void addVarints() throws IOException {
            int outer = in.pushLimit(in.readRawVarint32());
            while (in.getBytesUntilLimit() > 0) add(in.readInt64());
            in.popLimit(outer);
        }

        boolean isEmpty() {
            return count == 0;
        }

        double @Nullable [] values() {
            return count <= FEW ? Arrays.copyOf(values, count) : null;
        }
    }

    private final class TensorReader {
        private String name = "";
        private final long[] shape = new long[MAX_DIMENSIONS];
        private int rank;
        private int type;
        private long offset = -1;
        private long length;
        private boolean external;
        private final Few integers = new Few();

        Initializer read() throws IOException {
            NestedMessage.read(in, tag -> {
                switch (tag) {
                    case 1 << 3 | WireFormat.WIRETYPE_VARINT -> dimension(in.readInt64());
                    case 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> dimensions();
                    case 2 << 3 | WireFormat.WIRETYPE_VARINT -> type = in.readInt32();
                    // float_data, raw_data and double_data are the little-endian values themselves, in one piece.
                    case 4 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED,
                            9 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED,
                            10 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> values();
                    // int32_data and int64_data are packed variable-length numbers.
                    case 5 << 3 | WireFormat.WIRETYPE_VARINT, 7 << 3 | WireFormat.WIRETYPE_VARINT ->
                        integers.add(in.readInt64());
                    case 5 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED, 7 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                        integers.addVarints();
                    case 8 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> name = in.readString();
                    case 14 << 3 | WireFormat.WIRETYPE_VARINT -> external = in.readInt32() == 1;
                    default -> in.skipField(tag);
                }
            });
            return new Initializer(name, Arrays.copyOf(shape, rank), type, offset, length, external, few());
        }

        /** Null for many values, for values elsewhere, and for types that neither shapes nor epsilons have. */
        private double @Nullable [] few() {
            if (!integers.isEmpty()) return integers.values();
            int size = switch (type) {
                case FLOAT, INT32 -> 4;
                case DOUBLE, INT64 -> 8;
                default -> 0;
            };
            if (size == 0 || offset < 0 || length > (long) FEW * size || length % size != 0) return null;
            ByteBuffer bytes = file.slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
            double[] values = new double[(int) length / size];
            for (int i = 0; i < values.length; i++) {
                values[i] = switch (type) {
                    case FLOAT -> shortest(bytes.getFloat(i * size));
                    case INT32 -> bytes.getInt(i * size);
                    case DOUBLE -> bytes.getDouble(i * size);
                    default -> bytes.getLong(i * size);
                };
            }
            return values;
        }

        private void dimensions() throws IOException {
            int outer = in.pushLimit(in.readRawVarint32());
            while (in.getBytesUntilLimit() > 0) dimension(in.readInt64());
            in.popLimit(outer);
        }

        private void dimension(long size) {
            if (rank == MAX_DIMENSIONS) {
                throw new CheckpointException(file.path() + ": tensor \"" + name + "\" has more than " + MAX_DIMENSIONS
                        + " dimensions. The file is damaged: fetch or export it again.");
            }
            shape[rank++] = size;
        }

        private void values() throws IOException {
            if (offset >= 0) {
                throw new CheckpointException(file.path() + ": tensor \"" + name
                        + "\" has its values in several pieces. Save it again with onnx.save, which writes raw_data.");
            }
            length = in.readRawVarint32();
            offset = in.getTotalBytesRead();
            in.skipRawBytes((int) length);
        }
    }
}
