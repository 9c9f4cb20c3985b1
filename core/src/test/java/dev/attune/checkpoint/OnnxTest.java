package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxTest {
    @TempDir
    Path folder;

    private static Protobuf tensor(String name, int type, long... shape) {
        Protobuf tensor = new Protobuf();
        for (long size : shape) tensor.number(1, size);
        return tensor.number(2, type).text(8, name);
    }

    private static Protobuf raw(String name, long[] shape, float... values) {
        return tensor(name, OnnxGraph.FLOAT, shape).bytes(9, Bytes.floats(values));
    }

    private static Protobuf node(String name, String op, String... inputs) {
        Protobuf node = new Protobuf();
        for (String input : inputs) node.text(1, input);
        return node.text(2, name + "_output").text(3, name).text(4, op);
    }

    private Path model(Protobuf graph) {
        byte[] bytes = new Protobuf()
                .number(1, 8)
                .text(2, "test")
                .message(7, graph)
                .message(8, new Protobuf().number(2, 17))
                .toByteArray();
        return Bytes.write(folder.resolve("model.onnx"), bytes);
    }

    private Path small() {
        return model(new Protobuf()
                .message(1, node("/encoder/layer.0/output/dense/MatMul", "MatMul", "hidden", "onnx::MatMul_7"))
                .message(
                        1,
                        node("/pooler/dense/Gemm", "Gemm", "hidden", "onnx::Gemm_8", "pooler.dense.bias")
                                .message(5, new Protobuf().text(1, "transB").number(3, 1)))
                .message(1, node("/out/Gemm", "Gemm", "hidden", "9"))
                .message(1, node("/norm/Pow", "Pow", "hidden", "/norm/Constant_output_0"))
                .text(2, "graph")
                .message(5, raw("embeddings.LayerNorm.weight", new long[] {2}, 0.5f, -1))
                .message(5, raw("onnx::MatMul_7", new long[] {2, 3}, 1, 2, 3, 4, 5, 6))
                .message(5, raw("onnx::Gemm_8", new long[] {2, 3}, 1, 2, 3, 4, 5, 6))
                .message(5, raw("9", new long[] {2, 3}, 1, 2, 3, 4, 5, 6))
                .message(5, tensor("pooler.dense.bias", 1, 2).bytes(4, Bytes.floats(7, 8)))
                .message(5, tensor("embeddings.position_ids", 7, 1, 2).bytes(9, Bytes.longs(0, 1)))
                .message(5, raw("/norm/Constant_output_0", new long[] {1}, 2))
                .message(5, raw("scale", new long[] {}, 8))
                .message(5, raw("onnx::Where_3", new long[] {1, 2}, 3, 4))
                .message(11, new Protobuf().text(1, "input_ids")));
    }

    @Test
    void parametersGetTheirModuleNames() {
        small();
        try (Weights weights = WeightFiles.open(folder)) {
            assertThat(weights.names())
                    .containsExactly(
                            "embeddings.LayerNorm.weight",
                            "encoder.layer.0.output.dense.weight",
                            "pooler.dense.weight",
                            "out.weight",
                            "pooler.dense.bias",
                            "onnx::Where_3");
            assertThat(weights.info("encoder.layer.0.output.dense.weight"))
                    .isEqualTo(new TensorInfo("encoder.layer.0.output.dense.weight", DType.FLOAT32, new long[] {3, 2}));
            assertThat(Bytes.floats(weights.bytes("encoder.layer.0.output.dense.weight")))
                    .containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(weights.info("pooler.dense.weight").shape()).containsExactly(2, 3);
            assertThat(Bytes.floats(weights.bytes("pooler.dense.weight"))).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(weights.info("out.weight").shape()).containsExactly(3, 2);
            assertThat(Bytes.floats(weights.bytes("pooler.dense.bias"))).containsExactly(7, 8);
            ByteBuffer norm = weights.bytes("embeddings.LayerNorm.weight");
            assertThat(Bytes.floats(norm)).containsExactly(0.5f, -1);
            assertThat(norm.isReadOnly()).isTrue();
        }
    }

    @Test
    void packedDimensionsAreDimensions() {
        Protobuf packed =
                new Protobuf().bytes(1, new byte[] {2, 3}).number(2, 1).text(8, "w");
        model(new Protobuf().message(5, packed.bytes(9, Bytes.floats(1, 2, 3, 4, 5, 6))));
        try (Weights weights = WeightFiles.open(folder)) {
            assertThat(weights.info("w").shape()).containsExactly(2, 3);
        }
    }

    private void refused(Path file, String... parts) {
        assertThatThrownBy(() -> Onnx.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContainingAll(parts);
    }

    private void refused(Protobuf tensor, String... parts) {
        refused(model(new Protobuf().message(5, tensor)), parts);
    }

    @Test
    void truncatedFilesAreRefused() throws Exception {
        byte[] whole = Files.readAllBytes(small());
        for (int length : new int[] {whole.length - 15, whole.length / 2, 20}) {
            refused(Bytes.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, length)), "cut short", "again");
        }
    }

    @Test
    void otherFilesAreRefused() {
        refused(Bytes.write(folder.resolve("text.onnx"), "<!DOCTYPE html>".getBytes()), "is not an ONNX file");
        refused(Bytes.write(folder.resolve("empty.onnx"), new byte[0]), "has no graph");
        refused(model(new Protobuf().text(2, "graph")), "holds no weights");
    }

    /** An empty one takes two bytes of the file and a hundred times as much memory. */
    @Test
    void tooManyNodesAreRefused() {
        for (int field : new int[] {1, 5}) {
            Protobuf graph = new Protobuf();
            for (int i = 0; i <= 200_000; i++) graph.bytes(field, new byte[0]);
            refused(model(graph), "has more than 200000 nodes or initializers");
        }
    }

    @Test
    void externalDataIsRefused() {
        Protobuf location = new Protobuf().text(1, "location").text(2, "model.onnx_data");
        refused(
                tensor("w", 1, 2).message(13, location).number(14, 1),
                "tensor \"w\" keeps its values in another file",
                "safetensors");
    }

    @Test
    void quantizedModelsAreRefused() {
        refused(
                model(new Protobuf()
                        .message(1, node("/dense/MatMul_quant", "MatMulInteger", "x", "dense.weight_quantized"))
                        .message(5, tensor("dense.weight_quantized", 3, 2, 2).bytes(9, new byte[4]))),
                "tensor \"dense.weight_quantized\" is used by MatMulInteger",
                "unquantized");
    }

    @Test
    void theOperatorsThatQuantizeAreNamed() {
        for (String op : List.of("DequantizeLinear", "QLinearMatMul", "QAttention", "MatMulNBits", "MatMulBnb4")) {
            refused(
                    model(new Protobuf()
                            .message(1, node("/x/DynamicQuantizeLinear", "DynamicQuantizeLinear", "x"))
                            .message(1, node("/x/" + op, op, "x", "w_quantized"))
                            .message(1, node("/x/Mul", "Mul", "x", "scale"))
                            .message(5, tensor("w_quantized", 3, 2, 2).bytes(9, new byte[4]))),
                    "is used by " + op,
                    op.compareTo("DynamicQuantizeLinear") < 0
                            ? "(" + op + ", DynamicQuantizeLinear)"
                            : "(DynamicQuantizeLinear, " + op + ")");
        }
    }

    @Test
    void sizesMustFit() {
        refused(raw("w", new long[] {3}, 1, 2), "tensor \"w\" has 8 bytes, but FLOAT32 of shape [3] needs 12");
        refused(raw("w", new long[] {-3}, 1, 2), "tensor \"w\" has a negative size");
        refused(raw("w", new long[] {1L << 40, 1L << 40}, 1, 2), "more bytes than fit 64 bits");
        refused(tensor("w", 1, 3), "tensor \"w\" has no raw_data");
        refused(raw("w", new long[] {2}, 1, 2).bytes(4, Bytes.floats(1, 2)), "tensor \"w\"", "several pieces");
        refused(raw("w", new long[65]), "more than 64 dimensions");
    }

    @Test
    void namesMayNotRepeat() {
        Protobuf one = raw("w", new long[] {1}, 1);
        refused(model(new Protobuf().message(5, one).message(5, one)), "two tensors are named \"w\"");
    }

    @Test
    void damagedBytesNeverEscapeAsAnotherException() {
        Damage.tryMany(small(), folder.resolve("damaged.onnx"), Onnx::open, new Random(Damage.SEED));
    }
}
