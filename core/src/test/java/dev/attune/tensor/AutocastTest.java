package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AutocastTest {
    private static Tensor ones(long... shape) {
        Tensor t = Tensor.zeros(DType.FLOAT32, shape);
        t.fillInPlace(1);
        return t;
    }

    private static DType productType() {
        try (Scope scope = Scope.open()) {
            return ones(2, 4).matmul(ones(4, 2)).type();
        }
    }

    @Test
    void productsAreSixteenBits() {
        assertThat(productType()).isEqualTo(DType.FLOAT32);
        assertThat(Autocast.run(DType.BFLOAT16, AutocastTest::productType)).isEqualTo(DType.BFLOAT16);
        assertThat(Autocast.run(DType.FLOAT16, AutocastTest::productType)).isEqualTo(DType.FLOAT16);
        assertThat(Autocast.run(DType.FLOAT32, AutocastTest::productType)).isEqualTo(DType.FLOAT32);
        assertThat(productType()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void aChangedWeightIsSeenInTheNextRegion() {
        try (Scope scope = Scope.open()) {
            Tensor weight = ones(1, 4).requiresGrad(true);
            Tensor x = ones(1, 4);
            for (int step = 1; step <= 4; step++) {
                weight.fillInPlace(step);
                float[] y = Autocast.run(DType.BFLOAT16, () -> x.linear(weight, null))
                        .toFloats();
                assertThat(y).as("step " + step).containsExactly(4f * step);
            }
        }
    }

    @Test
    void aChangedWeightIsSeenAfterAFailedRegion() {
        try (Scope scope = Scope.open()) {
            Tensor weight = ones(1, 4).requiresGrad(true);
            Tensor x = ones(1, 4);
            assertThatThrownBy(() -> Autocast.run(DType.BFLOAT16, () -> {
                        x.linear(weight, null);
                        throw new IllegalStateException("mine");
                    }))
                    .hasMessage("mine");
            weight.fillInPlace(3);
            assertThat(Autocast.run(DType.BFLOAT16, () -> x.linear(weight, null))
                            .toFloats())
                    .containsExactly(12);
        }
    }

    @Test
    void nestedRegionsRestoreTheOuter() {
        Autocast.run(DType.BFLOAT16, () -> {
            assertThat(Autocast.run(DType.FLOAT16, AutocastTest::productType)).isEqualTo(DType.FLOAT16);
            return assertThat(productType()).isEqualTo(DType.BFLOAT16);
        });
        assertThat(productType()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void restoresAfterAnException() {
        assertThatThrownBy(() -> Autocast.run(DType.BFLOAT16, () -> {
                    throw new IllegalStateException("mine");
                }))
                .hasMessage("mine");
        assertThat(productType()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void belongsToTheThread() throws InterruptedException {
        AtomicReference<DType> other = new AtomicReference<>();
        Autocast.run(DType.BFLOAT16, () -> {
            Thread thread = new Thread(() -> other.set(productType()));
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return true;
        });
        assertThat(other).hasValue(DType.FLOAT32);
    }

    @Test
    void gradientsOfParametersStayThirtyTwoBits() {
        try (Scope scope = Scope.open()) {
            Tensor weight = ones(2, 4).requiresGrad(true);
            Tensor y = Autocast.run(DType.BFLOAT16, () -> ones(3, 4).linear(weight, null));
            assertThat(y.type()).isEqualTo(DType.BFLOAT16);
            y.sum().backward();
            assertThat(weight.grad().type()).isEqualTo(DType.FLOAT32);
            assertThat(weight.grad().toFloats()).containsOnly(3);
        }
    }
}
