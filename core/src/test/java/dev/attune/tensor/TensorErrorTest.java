package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.TensorException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a wrong call says: one sentence with the operation and the shapes, never a native stack. */
class TensorErrorTest {
    private static Tensor x(long... shape) {
        return Tensor.zeros(DType.FLOAT32, shape);
    }

    @TestFactory
    Stream<DynamicTest> refusedOperationsNameThemselvesAndTheirShapes() {
        Map<String, Runnable> calls = new LinkedHashMap<>();
        Tensor[] index = new Tensor[1];
        calls.put(
                "matmul|mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)|[2, 3]|[4, 5]",
                () -> x(2, 3).matmul(x(4, 5)));
        calls.put("linear|[2, 3]|[4, 5]", () -> x(2, 3).linear(x(4, 5), null));
        calls.put("add|[2]|[3]", () -> x(2).add(x(3)));
        calls.put("sub|[2]|[3]", () -> x(2).sub(x(3)));
        calls.put("mul|[2]|[3]", () -> x(2).mul(x(3)));
        calls.put("view|[2, 3]", () -> x(2, 3).view(4));
        calls.put("reshape|[2, 3]", () -> x(2, 3).reshape(4));
        calls.put("transpose|[2, 3]", () -> x(2, 3).transpose(0, 5));
        calls.put("narrow|[2, 3]", () -> x(2, 3).narrow(0, 1, 5));
        calls.put("softmax|[2, 3]", () -> Activations.softmax(x(2, 3), 7));
        calls.put("size|[2, 3]", () -> x(2, 3).size(7));
        calls.put("zeros", () -> x(-1));
        calls.put("item|[2, 3]", () -> x(2, 3).item());
        calls.put("cat|[2, 3]|[4, 5]", () -> Tensor.cat(0, List.of(x(2, 3), x(4, 5))));
        calls.put(
                "embedding|index out of range|[2, 3]|[1]",
                () -> x(2, 3).embedding(Tensor.ofInts(new int[] {7}), -1, false));
        calls.put("index_select|index out of range|[2, 3]|[1]", () -> x(2, 3).rows(Tensor.ofInts(new int[] {7})));
        calls.put("index_copy|[1, 3]", () -> x(1, 3).scatterRows(Tensor.ofInts(new int[] {7}), 2));
        calls.put(
                "cross_entropy|Target 5 is out of bounds|[1, 3]",
                () -> Losses.crossEntropySum(x(1, 3), Tensor.ofInts(new int[] {5}), 0));
        calls.put("mse_loss|[2]|[3]", () -> Losses.squaredErrorSum(x(2), x(3)));
        calls.put("binary_cross_entropy_with_logits|[2]|[3]", () -> Losses.binaryCrossEntropySum(x(2), x(3)));
        calls.put("layer_norm|[2, 3]|[4]", () -> x(2, 3).layerNorm(x(4), x(4), 1e-5));
        calls.put("copy_|[2]|[3]", () -> x(2).copyInPlace(x(3)));
        calls.put("backward|does not require grad", () -> x(1).backward());
        calls.put("requires_grad_", () -> Tensor.ofInts(new int[] {1}).requiresGrad(true));
        calls.put("gelu|INT64", () -> Activations.gelu(Tensor.ofInts(new int[] {1})));
        calls.put("mean|INT64", () -> Tensor.ofInts(new int[] {1}).mean());
        return calls.entrySet().stream().map(call -> {
            String[] parts = call.getKey().split("\\|");
            return DynamicTest.dynamicTest(parts[0], () -> {
                try (Scope scope = Scope.open()) {
                    assertThatThrownBy(call.getValue()::run)
                            .isInstanceOf(TensorException.class)
                            .satisfies(e -> {
                                assertThat(e.getMessage())
                                        .startsWith(parts[0] + ": ")
                                        .contains(parts);
                                assertThat(e.getMessage())
                                        .doesNotContain("frame #")
                                        .doesNotContain("Exception raised from")
                                        .doesNotContain("\n");
                            });
                }
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> aClosedTensorSaysSo() {
        Map<String, Consumer<Tensor>> uses = new LinkedHashMap<>();
        uses.put("add", t -> t.add(t));
        uses.put("mul", t -> t.mul(2));
        uses.put("gelu", Activations::gelu);
        uses.put("sum", Tensor::sum);
        uses.put("item", Tensor::item);
        uses.put("shape", Tensor::shape);
        uses.put("size", t -> t.size(0));
        uses.put("type", Tensor::type);
        uses.put("elements", Tensor::elements);
        uses.put("toFloats", Tensor::toFloats);
        uses.put("toLongs", Tensor::toLongs);
        uses.put("memory", Tensor::memory);
        uses.put("load", t -> t.load(java.nio.ByteBuffer.allocate(4), DType.FLOAT32));
        uses.put("detach", Tensor::detach);
        uses.put("to", t -> t.to(DType.BFLOAT16));
        uses.put("backward", Tensor::backward);
        uses.put("grad", Tensor::grad);
        uses.put("clearGrad", Tensor::clearGrad);
        uses.put("requiresGrad", t -> t.requiresGrad(true));
        uses.put("zeroInPlace", Tensor::zeroInPlace);
        uses.put("copyInPlace", t -> t.copyInPlace(t));
        uses.put("keep", Tensor::keep);
        uses.put("dropout", t -> DropoutKernel.apply(t, 0.5, t, 1));
        uses.put("cat", t -> Tensor.cat(0, List.of(t)));
        uses.put("dispatch", t -> Dispatch.call("aten::relu", "", t));
        uses.put("linear's bias", t -> {
            try (Scope scope = Scope.open()) {
                x(1, 1).linear(x(1, 1), t);
            }
        });
        return uses.entrySet().stream()
                .map(use -> DynamicTest.dynamicTest(use.getKey(), () -> {
                    Tensor closed;
                    try (Scope scope = Scope.open()) {
                        closed = x(1);
                    }
                    assertThat(closed).hasToString("Tensor(closed)");
                    assertThatThrownBy(() -> use.getValue().accept(closed))
                            .isInstanceOf(TensorException.class)
                            .hasMessageContaining("This tensor is closed");
                }));
    }

    @Test
    void aClosedTensorMayBeClosedAgain() {
        Tensor t = x(1);
        t.close();
        t.close();
        assertThatThrownBy(t::sum).isInstanceOf(TensorException.class).hasMessageContaining("This tensor is closed");
    }

    @Test
    void wrongNumberOfValuesNamesBoth() {
        try (Scope scope = Scope.open()) {
            assertThatThrownBy(() -> Tensor.ofFloats(new float[3], 2, 2))
                    .isInstanceOf(TensorException.class)
                    .hasMessage("3 values do not fill a tensor of shape [2, 2].");
            assertThatThrownBy(() -> Tensor.ofLongs(new long[3], 2)).isInstanceOf(TensorException.class);
            assertThatThrownBy(() -> x(2).load(java.nio.ByteBuffer.allocate(12), DType.FLOAT32))
                    .isInstanceOf(TensorException.class)
                    .hasMessage("3 values do not fill a tensor of shape [2].");
            assertThatThrownBy(() -> x(2, 3).transpose(0, 1).memory()).isInstanceOf(TensorException.class);
        }
    }
}
