package dev.attune.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.tensor.DType;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InitTest {
    private byte[] before;

    @BeforeEach
    void seed() {
        before = Rng.state();
        Rng.seed(1234);
    }

    @AfterEach
    void restore() {
        Rng.restore(before);
    }

    private static float[] filled(Init init, long... shape) {
        try (Scope scope = Scope.open()) {
            Tensor t = Tensor.zeros(DType.FLOAT32, shape).requiresGrad(true);
            t.fillInPlace(7);
            init.fill(t);
            return t.toFloats();
        }
    }

    @Test
    void constants() {
        assertThat(filled(Init.ZEROS, 3)).containsOnly(0);
        assertThat(filled(Init.ONES, 3)).containsOnly(1);
    }

    @Test
    void normalHasItsDeviation() {
        float[] values = filled(Init.normal(0.02), 100, 100);
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += (double) value * value;
        }
        assertThat(sum / 1e4).isCloseTo(0, within(5 * 0.02 / 100));
        assertThat(Math.sqrt(squares / 1e4)).isCloseTo(0.02, within(5 * 0.02 / 100 / Math.sqrt(2)));
    }

    @Test
    void embeddingClearsThePaddingRowOnly() {
        float[] values = filled(Init.embedding(0.02, 1), 3, 4);
        for (int i = 0; i < 12; i++) {
            if (i / 4 == 1) assertThat(values[i]).isZero();
            else assertThat(values[i]).isNotZero().isNotEqualTo(7);
        }
        assertThat(filled(Init.embedding(0.02, -1), 3, 4)).doesNotContain(0);
        assertThat(filled(Init.embedding(0.02, 3), 3, 4)).doesNotContain(0);
    }

    /** The draw is that of {@code torch.manual_seed(1234); torch.empty(5).normal_(0, 0.02)}. */
    @Test
    void aSeedGivesPythonsNumbers() {
        assertThat(filled(Init.normal(0.02), 5)[0]).isCloseTo(0.0009226092f, within(1e-9f));
    }
}
