package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from small graphs in the ways in which exporters write them. */
class GraphFactsTest {
    private static final int HIDDEN = 24;

    @TempDir
    Path folder;

    private final Protobuf graph = new Protobuf();

    private static Protobuf node(String op, String output, String... inputs) {
        Protobuf node = new Protobuf();
        for (String input : inputs) node.text(1, input);
        return node.text(2, output).text(3, "/" + output).text(4, op);
    }

    private GraphFactsTest add(Protobuf node) {
        graph.message(1, node);
        return this;
    }

    private GraphFactsTest add(String op, String output, String... inputs) {
        return add(node(op, output, inputs));
    }

    private GraphFactsTest constant(String output, int type, byte[] raw, long... shape) {
        Protobuf tensor = new Protobuf();
        for (long size : shape) tensor.number(1, size);
        Protobuf value = new Protobuf()
                .text(1, "value")
                .message(5, tensor.number(2, type).bytes(9, raw));
        return add(node("Constant", output).message(5, value));
    }

    private GraphFactsTest whole(String output, long value) {
        return constant(output, OnnxGraph.INT64, Bytes.longs(value), 1);
    }

    private GraphFactsTest initializer(Protobuf tensor) {
        graph.message(5, tensor);
        return this;
    }

    private GraphFacts read() {
        byte[] model = new Protobuf().number(1, 8).message(7, graph).toByteArray();
        return GraphFacts.read(Bytes.write(folder.resolve("model.onnx"), model), HIDDEN);
    }

    @Test
    void nothingIsToldByAnEmptyGraph() {
        GraphFacts facts = add("MatMul", "y", "x", "w").read();
        assertThat(facts.heads()).isEmpty();
        assertThat(facts.layerNormEpsilon()).isEmpty();
        assertThat(facts.activation()).isEmpty();
    }

    @Test
    void headsOfAShapeThatIsPutTogether() {
        whole("heads", 3).whole("size", 8);
        add("Unsqueeze", "b", "batch").add("Unsqueeze", "t", "tokens");
        add("Concat", "shape", "b", "t", "heads", "size").add("Reshape", "split", "q", "shape");
        whole("all", 24).add("Concat", "back", "b", "t", "all").add("Reshape", "joined", "split", "back");
        assertThat(read().heads()).contains(3);
    }

    @Test
    void headsOfAConstantShape() {
        constant("shape", OnnxGraph.INT64, Bytes.longs(0, -1, 4, 6), 4).add("Reshape", "split", "q", "shape");
        assertThat(read().heads()).contains(4);
    }

    @Test
    void headsWhereTheirSizeOnlyIsWritten() {
        initializer(new Protobuf()
                        .number(1, 4)
                        .number(2, OnnxGraph.INT64)
                        .text(8, "shape")
                        .bytes(7, varints(2, 5, -1, 12)))
                .add("Reshape", "split", "q", "shape");
        assertThat(read().heads()).contains(2);
    }

    @Test
    void headsWhereTheirNumberOnlyIsWritten() {
        Protobuf shape = new Protobuf().text(1, "value_ints");
        for (long size : new long[] {1, 5, 6, -1}) shape.number(8, size);
        add(node("Constant", "shape").message(5, shape)).add("Reshape", "split", "q", "shape");
        assertThat(read().heads()).contains(6);
    }

    @Test
    void aShapeThatIsNoSplitIntoHeadsTellsNothing() {
        constant("a", OnnxGraph.INT64, Bytes.longs(0, 0, 24), 3).add("Reshape", "x1", "q", "a");
        constant("b", OnnxGraph.INT64, Bytes.longs(0, 0, 5, 6), 4).add("Reshape", "x2", "q", "b");
        constant("c", OnnxGraph.INT64, Bytes.longs(0, 0, -1, 24), 4).add("Reshape", "x3", "q", "c");
        constant("d", OnnxGraph.INT64, Bytes.longs(0, 0, -1, 7), 4).add("Reshape", "x4", "q", "d");
        constant("e", OnnxGraph.INT64, Bytes.longs(-1, 0, -1, -1), 4).add("Reshape", "x5", "q", "e");
        add("Reshape", "x6", "q", "unknown").add("Reshape", "x7", "q");
        assertThat(read().heads()).isEmpty();
    }

    @Test
    void twoNumbersOfHeadsAreNone() {
        constant("a", OnnxGraph.INT64, Bytes.longs(0, 0, 4, 6), 4).add("Reshape", "x1", "q", "a");
        constant("b", OnnxGraph.INT64, Bytes.longs(0, 0, 3, 8), 4).add("Reshape", "x2", "q", "b");
        assertThat(read().heads()).isEmpty();
    }

    @Test
    void epsilonOfTheOperatorAndItsDefault() {
        Protobuf epsilon = new Protobuf().text(1, "epsilon").fixed(2, Float.floatToIntBits(1e-12f));
        add(node("LayerNormalization", "y", "x", "g", "b").message(5, epsilon));
        assertThat(read().layerNormEpsilon()).contains(1e-12);
        add("LayerNormalization", "z", "y", "g", "b");
        assertThat(read().layerNormEpsilon())
                .as("1e-12, and 1e-5 by default: which?")
                .isEmpty();
    }

    @Test
    void epsilonOfTheDecomposedForm() {
        constant("e", OnnxGraph.FLOAT, Bytes.floats(1e-7f)).add("Identity", "same", "e");
        constant("two", OnnxGraph.FLOAT, Bytes.floats(2));
        add("Pow", "p", "x", "two").add("ReduceMean", "variance", "p");
        add("Add", "v", "same", "variance").add("Sqrt", "deviation", "v");
        add("Add", "other", "x", "two");
        assertThat(read().layerNormEpsilon()).contains(1e-7);
    }

    @Test
    void activations() {
        assertThat(activation("Div Erf Add Mul Mul")).isEqualTo("gelu");
        assertThat(activation("BiasGelu")).isEqualTo("gelu");
        assertThat(activation("Gelu")).isEqualTo("gelu");
        assertThat(activation("Pow Mul Add Mul Tanh Add Mul Mul")).isEqualTo("gelu_new");
        assertThat(activation("FastGelu")).isEqualTo("gelu_new");
        assertThat(activation("Tanh")).isEqualTo("tanh");
        assertThat(activation("Relu")).isEqualTo("relu");
        assertThat(activation("Sigmoid Mul")).isEqualTo("silu");
        assertThat(activation("Sigmoid")).isEqualTo("sigmoid");
        assertThat(activation("Mul Sigmoid Mul")).as("quick_gelu").isEmpty();
        assertThat(activation("Softplus")).isEmpty();
    }

    @Test
    void geluThatSaysItIsApproximate() {
        Protobuf approximate = new Protobuf().text(1, "approximate").text(4, "tanh");
        add("Add", "x0", "layer.0.intermediate.dense.bias", "m");
        add(node("Gelu", "x1", "x0").message(5, approximate)).add("MatMul", "out", "x1", "w");
        assertThat(read().activation()).contains("gelu_new");
    }

    @Test
    void whatComesAfterTheNextProductIsNoActivation() {
        add("Gemm", "x0", "h", "w", "encoder.layer.0.intermediate.dense.bias");
        add("Relu", "x1", "x0").add("Gemm", "x2", "x1", "w2", "b2").add("Tanh", "x3", "x2");
        assertThat(read().activation()).contains("relu");
        add("Gemm", "y0", "h", "w", "encoder.layer.1.intermediate.dense.bias");
        add("Erf", "y1", "y0").add("Gemm", "y2", "y1", "w2", "b2");
        assertThat(read().activation()).as("two layers, two activations").isEmpty();
    }

    @Test
    void aCircleEnds() {
        add("Identity", "a", "b").add("Identity", "b", "a").add("Reshape", "y", "x", "a");
        add("Add", "v", "a", "b").add("Sqrt", "s", "v");
        add("Add", "c", "intermediate.dense.bias", "d").add("Relu", "d", "c");
        GraphFacts facts = read();
        assertThat(facts.heads()).isEmpty();
        assertThat(facts.layerNormEpsilon()).isEmpty();
        assertThat(facts.activation()).contains("relu");
    }

    /** A chain of these operators between the two products; "" for what is not told. */
    private String activation(String ops) {
        GraphFactsTest one = new GraphFactsTest();
        one.folder = folder;
        one.add("Add", "x0", "encoder.layer.0.intermediate.dense.bias", "m");
        String[] chain = ops.split(" ");
        for (int i = 0; i < chain.length; i++) one.add(chain[i], "x" + (i + 1), "x" + i, "bias");
        one.add("MatMul", "out", "x" + chain.length, "w");
        return one.read().activation().orElse("");
    }

    /** Numbers as protobuf packs them; a negative one takes ten bytes. */
    private static byte[] varints(long... values) {
        List<Byte> bytes = new ArrayList<>();
        for (long value : values) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes.add((byte) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            bytes.add((byte) rest);
        }
        ByteBuffer out = ByteBuffer.allocate(bytes.size()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.forEach(out::put);
        return out.array();
    }
}
