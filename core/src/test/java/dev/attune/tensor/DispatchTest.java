package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.TensorException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DispatchTest {
    @Test
    void callsAnOperationOnAList() {
        try (Scope scope = Scope.open()) {
            Tensor a = Tensor.ofFloats(new float[] {1, 2}, 2);
            Tensor b = Tensor.ofFloats(new float[] {3}, 1);
            for (int i = 0; i < 3; i++) {
                try (Scope inner = Scope.open()) { // the resolved operation outlives the scope of its first use
                    assertThat(Dispatch.call("aten::_foreach_add_", "Scalar", List.of(a, b), 10.0))
                            .isNull();
                }
            }
            assertThat(a.toFloats()).containsExactly(31, 32);
            assertThat(b.toFloats()).containsExactly(33);
        }
    }

    @Test
    void returnsATensorThatMayBeKept() {
        Tensor kept;
        try (Scope scope = Scope.open()) {
            Tensor a = Tensor.ofFloats(new float[] {1, 2}, 2);
            kept = Dispatch.call("aten::add", "Tensor", a, a, 3L).keep();
        }
        assertThat(kept.toFloats()).containsExactly(4, 8);
        kept.close();
    }

    @Test
    void passesEveryKindOfArgument() {
        try (Scope scope = Scope.open()) {
            Tensor a = Tensor.ofFloats(new float[] {1, 2, 3, 6}, 2, 2);
            Tensor sum = Dispatch.call("aten::sum", "", a, null);
            assertThat(sum.item()).isEqualTo(12);
            Tensor softmax = Dispatch.call("aten::_softmax", "", a, 1L, false);
            assertThat(softmax.toFloats()[0])
                    .isCloseTo(1 / (1 + (float) Math.E), org.assertj.core.api.Assertions.within(1e-6f));
        }
    }

    @Test
    void anUnknownOperationIsNamed() {
        assertThatThrownBy(() -> Dispatch.call("aten::no_such_operation", ""))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("aten::no_such_operation")
                .satisfies(e ->
                        assertThat(e.getMessage()).doesNotContain("frame #").doesNotContain("\n"));
    }

    @Test
    void anUnknownOverloadOrArgumentIsNamed() {
        try (Scope scope = Scope.open()) {
            Tensor a = Tensor.zeros(DType.FLOAT32, 1);
            assertThatThrownBy(() -> Dispatch.call("aten::add", "NoSuchOverload", a))
                    .isInstanceOf(TensorException.class)
                    .hasMessageContaining("aten::add");
            assertThatThrownBy(() -> Dispatch.call("aten::relu", "", "text"))
                    .isInstanceOf(TensorException.class)
                    .hasMessageContaining("aten::relu")
                    .hasMessageContaining("java.lang.String");
        }
    }
}
