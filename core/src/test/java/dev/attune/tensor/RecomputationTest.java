package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.attune.error.TensorException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecomputationTest {
    private record Result(float[] output, float[] weight, float[] input) {}

    private static final float[] WEIGHT = {0.5f, -1, 2, 0.25f};
    private static final float[] INPUT = {1, 2, -3, 4, 0.5f, 6};

    /** Three parts of the same weight, one after the other. */
    private static Result run(DType type, boolean again, boolean inputIsTrained) {
        long before = Scope.liveHandles();
        Result result;
        try (Scope scope = Scope.open()) {
            Tensor weight = Tensor.ofFloats(WEIGHT, 2, 2).requiresGrad(true);
            Tensor input = Tensor.ofFloats(INPUT, 3, 2).requiresGrad(inputIsTrained);
            UnaryOperator<Tensor> part =
                    x -> Activations.tanh(x.matmul(weight)).to(DType.FLOAT32).add(x);
            Tensor output = Autocast.run(type, () -> {
                Tensor x = input;
                for (int i = 0; i < 3; i++) x = again && i < 2 ? Grad.recomputed(x, part) : part.apply(x);
                return x;
            });
            output.mul(output).sum().backward();
            result = new Result(
                    output.toFloats(),
                    weight.grad().toFloats(),
                    inputIsTrained ? input.grad().toFloats() : new float[0]);
        }
        assertThat(Scope.liveHandles()).isEqualTo(before);
        return result;
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "BFLOAT16"})
    void givesTheSameNumbers(DType type) {
        for (boolean trained : new boolean[] {true, false}) {
            Result expected = run(type, false, trained);
            Result actual = run(type, true, trained);
            assertThat(actual.output).containsExactly(expected.output);
            assertThat(actual.weight).doesNotContain(0f);
            if (type == DType.FLOAT32) {
                assertThat(actual.input).containsExactly(expected.input);
                assertThat(actual.weight).containsExactly(expected.weight);
            }
            // With 16 bits the three gradients of the weight are added in 16 bits, or in 32.
            for (int i = 0; i < WEIGHT.length; i++)
                assertThat(actual.weight[i]).isCloseTo(expected.weight[i], withinPercentage(1));
            for (int i = 0; i < actual.input.length; i++)
                assertThat(actual.input[i]).isCloseTo(expected.input[i], withinPercentage(1));
        }
    }

    @Test
    void computesEachPartTwiceAndNothingWithoutGradients() {
        List<Boolean> recorded = new ArrayList<>();
        UnaryOperator<Tensor> part = x -> {
            recorded.add(Grad.isOn());
            return x.mul(2);
        };
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.ofFloats(INPUT, 6).requiresGrad(true);
            Grad.recomputed(x, part).sum().backward();
            assertThat(recorded).containsExactly(false, true);
            assertThat(x.grad().toFloats()).containsOnly(2f);
            recorded.clear();
            Grad.off(() -> Grad.recomputed(x, part));
            assertThat(recorded).containsExactly(false);
        }
    }

    @Test
    void withoutGradientsWhatThePartMadeOnItsWayIsFreed() {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.ofFloats(INPUT, 6);
            long before = Scope.liveHandles();
            Grad.off(() -> Grad.recomputed(x, h -> h.mul(2).mul(3).mul(4)));
            assertThat(Scope.liveHandles() - before).isEqualTo(1);
        }
    }

    @Test
    void whatFailsTheSecondTimeIsToldAndLeavesNothing() {
        long before = Scope.liveHandles();
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.ofFloats(INPUT, 6).requiresGrad(true);
            Tensor y = Grad.recomputed(x, h -> {
                if (Grad.isOn()) throw new IllegalStateException("not again");
                return h.mul(2);
            });
            assertThatThrownBy(() -> y.sum().backward())
                    .isInstanceOf(TensorException.class)
                    .hasRootCauseMessage("not again");
        }
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }

    @Test
    void aPassThatNeverGoesBackLeavesNothing() {
        long before = Scope.liveHandles();
        try (Scope scope = Scope.open()) {
            Grad.recomputed(Tensor.ofFloats(INPUT, 6).requiresGrad(true), x -> x.mul(2));
        }
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }
}
