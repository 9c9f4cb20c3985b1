package dev.attune.checkpoint;

import dev.attune.error.CheckpointException;
import dev.attune.fuzz.FuzzTarget;
import dev.attune.model.ModelConfig;
import java.nio.file.Path;
import java.util.List;

/** {@code model.onnx}: its weights, its graph, and the config that is made from both. */
public final class OnnxFuzz implements FuzzTarget {
    @Override
    public String reader() {
        return "onnx";
    }

    @Override
    public String file() {
        return "model.onnx";
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(model(bert()), model(packed()));
    }

    private static byte[] model(Protobuf graph) {
        return new Protobuf().number(1, 8).text(2, "test").message(7, graph).toByteArray();
    }

    private static Protobuf tensor(String name, int rows, int columns) {
        return new Protobuf()
                .number(1, rows)
                .number(1, columns)
                .number(2, OnnxGraph.FLOAT)
                .text(8, name)
                .bytes(9, new byte[4 * rows * columns]);
    }

    private static Protobuf node(String name, String op, String... inputs) {
        Protobuf node = new Protobuf();
        for (String input : inputs) node.text(1, input);
        return node.text(2, name + "_out").text(3, name).text(4, op);
    }

    /** As much of a BERT as its config is made from. */
    private static Protobuf bert() {
        return new Protobuf()
                .message(1, node("/encoder/layer.0/attention/self/query/MatMul", "MatMul", "x", "onnx::MatMul_1"))
                .message(1, node("/reshape", "Reshape", "x", "shape"))
                .message(1, node("/norm", "Add", "variance", "epsilon"))
                .message(1, node("/root", "Sqrt", "/norm_out"))
                .message(1, node("/bias", "Add", "encoder.layer.0.intermediate.dense.bias", "x"))
                .message(1, node("/erf", "Erf", "/bias_out"))
                .message(
                        1,
                        node("/ln", "LayerNormalization", "x")
                                .message(5, new Protobuf().text(1, "epsilon").fixed(2, 1)))
                .message(
                        1,
                        node("/gemm", "Gemm", "x", "9")
                                .message(5, new Protobuf().text(1, "transB").number(3, 1)))
                .message(5, tensor("embeddings.word_embeddings.weight", 5, 4))
                .message(5, tensor("embeddings.position_embeddings.weight", 3, 4))
                .message(5, tensor("embeddings.token_type_embeddings.weight", 2, 4))
                .message(5, tensor("encoder.layer.0.intermediate.dense.weight", 8, 4))
                .message(5, tensor("onnx::MatMul_1", 4, 4))
                .message(5, tensor("9", 2, 4))
                .message(
                        5,
                        new Protobuf()
                                .number(1, 4)
                                .number(2, OnnxGraph.INT64)
                                .text(8, "shape")
                                .bytes(9, Bytes.longs(0, 0, 2, -1)))
                .message(
                        5,
                        new Protobuf()
                                .number(2, OnnxGraph.FLOAT)
                                .text(8, "epsilon")
                                .bytes(9, Bytes.floats(1e-12f)));
    }

    /** The same in the other ways that protobuf has for numbers. */
    private static Protobuf packed() {
        return new Protobuf()
                .message(
                        1,
                        node("/c", "Constant")
                                .message(5, new Protobuf().text(1, "value").message(5, tensor("", 1, 1))))
                .message(
                        1,
                        node("/s", "Reshape", "x", "s")
                                .message(5, new Protobuf().text(1, "axes").bytes(8, new byte[] {1, 2, 3})))
                .message(
                        5,
                        new Protobuf()
                                .bytes(1, new byte[] {2, 2})
                                .number(2, OnnxGraph.FLOAT)
                                .text(8, "w")
                                .bytes(4, new byte[16]))
                .message(
                        5,
                        new Protobuf()
                                .bytes(1, new byte[] {1})
                                .number(2, OnnxGraph.INT32)
                                .text(8, "s")
                                .bytes(5, new byte[] {4}))
                .message(
                        5,
                        new Protobuf()
                                .number(1, 1)
                                .number(2, OnnxGraph.DOUBLE)
                                .text(8, "d")
                                .bytes(10, new byte[8]));
    }

    @Override
    public List<String> words() {
        return List.of(
                "MatMul",
                "Gemm",
                "onnx::MatMul_1",
                "DynamicQuantizeLinear",
                "/a/b/MatMul",
                "\n\u0004\b\u0001\u0010\u0001",
                "\u003a\u0000",
                "\u000b",
                "\u000c",
                "classifier.weight",
                "bert.embeddings.word_embeddings.weight",
                "Gelu",
                "Tanh");
    }

    @Override
    public void read(Path file) {
        CheckpointException refused = null;
        try {
            WeightsFuzz.readAll(file);
        } catch (CheckpointException e) {
            refused = e;
        }
        try {
            GraphFacts.read(file, 4);
            ModelConfig.read(file.toAbsolutePath().getParent());
        } catch (CheckpointException e) {
            if (!namesFile(String.valueOf(e.getMessage()))) throw e;
        }
        if (refused != null) throw refused;
    }
}
