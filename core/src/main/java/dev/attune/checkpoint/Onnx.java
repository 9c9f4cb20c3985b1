package dev.attune.checkpoint;

import dev.attune.checkpoint.OnnxGraph.Initializer;
import dev.attune.checkpoint.OnnxGraph.Node;
import dev.attune.error.CheckpointException;
import dev.attune.io.MappedFile;
import dev.attune.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The weights inside an ONNX file, under the names that the PyTorch model had before export.
 *
 * <p>PyTorch's exporter keeps the name of most parameters, but turns the weight of a linear layer into an anonymous
 * constant {@code onnx::MatMul_787} of shape (in, out). The node that multiplies by it is named after the module,
 * {@code /encoder/layer.0/attention/self/query/MatMul}; so the weight becomes
 * {@code encoder.layer.0.attention.self.query.weight} of shape (out, in), as in Transformers. Whole numbers, masks and
 * other constants of the graph are left out.
 */
public final class Onnx {
    /** Operators of the standard and of onnxruntime that compute with, or unpack, whole numbers. */
    private static final Pattern QUANTIZED = Pattern.compile(".*(Integer|[Qq]uant).*|Q[A-Z].*|MatMul(NBits|Bnb4)");

    private Onnx() {}

    /** How an initializer is handed out. */
    private record Role(String name, boolean transposed) {}

    /**
     * Opens an ONNX file.
     *
     * @throws CheckpointException if the file is missing or malformed, keeps its weights in another file, or is
     * quantized
     */
    public static Weights open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            return new StoredWeights(path.toString(), entries(file), Map.of(), List.of(file));
        } catch (RuntimeException e) {
            CloseAfter.failure(e, file);
            throw e;
        }
    }

    private static Map<String, StoredWeights.Entry> entries(MappedFile file) {
        OnnxGraph graph = OnnxGraph.read(file);
        Map<String, Node> users = users(graph);
        Map<String, StoredWeights.Entry> entries = new LinkedHashMap<>();
        for (Initializer initializer : graph.initializers()) {
            Node user = users.get(initializer.name());
            if (user != null && isQuantized(user)) {
                throw new CheckpointException(where(file, initializer) + "is used by " + user.op()
                        + ": the model is quantized (" + quantized(graph)
                        + "), so its weights cannot be trained. Take the unquantized file.");
            }
            Role role = role(initializer, user);
            if (role == null) continue;
            if (entries.put(role.name(), entry(file, initializer, role)) != null) {
                throw new CheckpointException(file.path() + ": two tensors are named \"" + role.name()
                        + "\". The file is damaged: fetch or export it again.");
            }
        }
        if (entries.isEmpty()) {
            throw new CheckpointException(file.path() + " holds no weights among its "
                    + graph.initializers().size() + " initializers. Export the model with its parameters.");
        }
        return entries;
    }

    /** The first node that uses each tensor. */
    private static Map<String, Node> users(OnnxGraph graph) {
        Map<String, Node> users = new HashMap<>();
        for (Node node : graph.nodes()) for (String input : node.inputs()) users.putIfAbsent(input, node);
        return users;
    }

    private static boolean isQuantized(Node node) {
        return QUANTIZED.matcher(node.op()).matches();
    }

    /** The operators that make it so, such as {@code DynamicQuantizeLinear, MatMulInteger}. */
    private static String quantized(OnnxGraph graph) {
        return graph.nodes().stream()
                .filter(Onnx::isQuantized)
                .map(Node::op)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** Null for what is not a parameter. */
    private static @Nullable Role role(Initializer initializer, @Nullable Node user) {
        String name = initializer.name();
        int rank = initializer.shape().length;
        if (type(initializer.type()) == null || rank == 0) return null;
        boolean anonymous = name.isEmpty() || name.startsWith("onnx::") || name.startsWith("/") || isNumber(name);
        if (!anonymous) return new Role(name, false);
        if (user != null && rank == 2 && user.inputs().indexOf(name) == 1) {
            String module = module(user);
            if (module != null) return new Role(module + ".weight", !user.transB());
        }
        // A matrix of unknown purpose is kept, so that the load report shows it; a vector is a constant of the graph.
        return rank >= 2 && !name.isEmpty() ? new Role(name, false) : null;
    }

    private static boolean isNumber(String name) {
        return name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** {@code /encoder/layer.0/output/dense/MatMul} belongs to {@code encoder.layer.0.output.dense}. */
    private static @Nullable String module(Node node) {
        if (!Set.of("MatMul", "Gemm").contains(node.op())) return null;
        String end = "/" + node.op();
        String name = node.name();
        if (!name.startsWith("/") || !name.endsWith(end) || name.length() <= end.length() + 1) return null;
        return name.substring(1, name.length() - end.length()).replace('/', '.');
    }

    private static StoredWeights.Entry entry(MappedFile file, Initializer initializer, Role role) {
        String where = where(file, initializer);
        if (initializer.external()) {
            throw new CheckpointException(where + "keeps its values in another file (external data), which is not"
                    + " supported. Save the model as one file, or take its safetensors.");
        }
        DType type = Objects.requireNonNull(type(initializer.type()));
        long[] shape = initializer.shape();
        TensorInfo stored;
        try {
            stored = new TensorInfo(role.name(), type, shape);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(
                    where + e.getMessage() + ". The file is damaged: fetch or export it again.", e);
        }
        if (initializer.offset() < 0 && stored.byteSize() > 0) {
            throw new CheckpointException(
                    where + "has no raw_data and no packed float_data. Save it again with onnx.save,"
                            + " which writes raw_data.");
        }
        if (initializer.length() != stored.byteSize()) {
            throw new CheckpointException(where + "has " + initializer.length() + " bytes, but " + type + " of shape "
                    + Arrays.toString(shape) + " needs " + stored.byteSize()
                    + ". The file is damaged: fetch or export it again.");
        }
        long offset = Math.max(0, initializer.offset());
        if (!role.transposed()) {
            return new StoredWeights.Entry(stored, () -> file.slice(offset, stored.byteSize()));
        }
        TensorInfo turned = new TensorInfo(role.name(), type, new long[] {shape[1], shape[0]});
        return new StoredWeights.Entry(turned, () -> {
            ByteBuffer bytes = file.slice(offset, stored.byteSize());
            return Transpose.of(bytes, (int) shape[0], (int) shape[1], type.bytes());
        });
    }

    /** Null for types that no trainable parameter has. */
    private static @Nullable DType type(int number) {
        return switch (number) {
            case OnnxGraph.FLOAT -> DType.FLOAT32;
            case OnnxGraph.FLOAT16 -> DType.FLOAT16;
            case OnnxGraph.DOUBLE -> DType.FLOAT64;
            case OnnxGraph.BFLOAT16 -> DType.BFLOAT16;
            default -> null;
        };
    }

    private static String where(MappedFile file, Initializer initializer) {
        return file.path() + ": tensor \"" + initializer.name() + "\" ";
    }
}
