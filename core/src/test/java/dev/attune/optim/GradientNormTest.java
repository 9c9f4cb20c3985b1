package dev.attune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.nn.Init;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.Parameter;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientNormTest {
    private static final class Model extends NeuralModule {
        final Parameter a = param("a", Init.ZEROS, 2);
        final Parameter b = param("b", Init.ZEROS, 1);
        final Parameter unused = param("unused", Init.ZEROS, 3);
    }

    @Test
    void isTheLengthOfAllGradientsTogether() {
        try (Scope scope = Scope.open();
                Model model = new Model()) {
            List<Parameter> all = List.copyOf(model.parameters().values());
            assertThat(GradientNorm.of(all)).isZero();
            model.a.value().mul(Tensor.ofFloats(new float[] {3, 4}, 2)).sum().backward();
            assertThat(GradientNorm.of(all)).isCloseTo(5, within(1e-6));
            model.b.value().mul(12).sum().backward();
            assertThat(GradientNorm.of(all)).isCloseTo(13, within(1e-6));
            long before = Scope.liveHandles();
            GradientNorm.of(all);
            assertThat(Scope.liveHandles()).isEqualTo(before);
        }
    }

    @Test
    void notANumberIsSeen() {
        try (Scope scope = Scope.open();
                Model model = new Model()) {
            model.b.value().mul(Double.NaN).sum().backward();
            assertThat(GradientNorm.of(List.of(model.a, model.b))).isNaN();
        }
    }

    @Test
    void clipFactorIsTorchs() {
        assertThat(GradientNorm.clipFactor(2, 1)).isEqualTo(1 / (2 + 1e-6));
        assertThat(GradientNorm.clipFactor(0.5, 1)).isEqualTo(1);
        assertThat(GradientNorm.clipFactor(1, 1)).isEqualTo(1 / (1 + 1e-6));
        assertThat(GradientNorm.clipFactor(0, 1)).isEqualTo(1);
        assertThat(GradientNorm.clipFactor(100, 0)).isEqualTo(1);
    }
}
