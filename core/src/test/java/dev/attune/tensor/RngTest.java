package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.TensorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RngTest {
    private byte[] before;

    @BeforeEach
    void save() {
        before = Rng.state();
    }

    @AfterEach
    void restore() {
        Rng.restore(before);
    }

    private static float[] normals(int n, double deviation) {
        try (Scope scope = Scope.open()) {
            Tensor t = Tensor.empty(DType.FLOAT32, n);
            t.normalInPlace(0, deviation);
            return t.toFloats();
        }
    }

    /** {@code torch.manual_seed(1234); torch.empty(16).normal_()}, torch 2.x on CPU. */
    @Test
    void aSeedDrawsWhatPythonDraws() {
        Rng.seed(1234);
        float[] expected = {
            -0.1117185652256012f,
            -0.49659010767936707f,
            0.16307370364665985f,
            -0.8816877603530884f,
            0.05390019342303276f,
            0.668373703956604f,
            -0.05965760722756386f,
            -0.46749794483184814f,
            -0.21525293588638306f,
            0.8839616179466248f,
            -0.7584168910980225f,
            -0.3688679039478302f,
            -0.3423936069011688f,
            -1.4019718170166016f,
            0.3206479847431183f,
            -1.021857500076294f
        };
        assertThat(normals(16, 1)).containsExactly(expected, within(2e-6f));
    }

    /** Fewer than 16 numbers take another path in torch: {@code torch.empty(5).normal_(0, 0.02)}. */
    @Test
    void aSeedDrawsWhatPythonDrawsForFewNumbers() {
        Rng.seed(1234);
        float[] expected = {
            0.0009226092370226979f,
            0.00804805662482977f,
            -0.020230581983923912f,
            0.004334764555096626f,
            -0.012245462276041508f
        };
        assertThat(normals(5, 0.02)).containsExactly(expected, within(1e-8f));
    }

    /** {@code torch.manual_seed(1234); torch.rand(3)} is 0.0290, 0.4019, 0.2598. */
    @Test
    void uniformNumbersToo() {
        Rng.seed(1234);
        try (Scope scope = Scope.open()) {
            Tensor t = Tensor.empty(DType.FLOAT32, 3);
            Dispatch.call("aten::uniform_", "", t, 0.0, 1.0, null);
            assertThat(t.toFloats()).containsExactly(0.028979241847991943f, 0.4018985629081726f, 0.25984418392181396f);
        }
    }

    @Test
    void restoreContinuesExactly() {
        Rng.seed(7);
        normals(5, 1); // an odd number leaves half a pair in the state
        byte[] state = Rng.state();
        float[] first = normals(33, 1);
        float[] second = normals(3, 1);
        Rng.restore(state);
        assertThat(normals(33, 1)).containsExactly(first);
        assertThat(normals(3, 1)).containsExactly(second);
        assertThat(state).hasSize(5056);
    }

    @Test
    void restoreRefusesBytesThatAreNoState() {
        assertThatThrownBy(() -> Rng.restore(new byte[10]))
                .isInstanceOf(TensorException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .contains("5056")
                        .doesNotContain("frame #")
                        .doesNotContain("\n"));
    }
}
