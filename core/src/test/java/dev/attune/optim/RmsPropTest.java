package dev.attune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.nn.Init;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.Parameter;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import org.junit.jupiter.api.Test;

class RmsPropTest {
    /** More than one block, and a gradient that is a trillionth of the one before it. */
    private static final class Model extends NeuralModule {
        final Parameter large = param("large", Init.ZEROS, 200_000);
        final Parameter small = param("small", Init.ZEROS, 3);
    }

    @Test
    void aTinyGradientAfterAHugeOneIsNotLost() {
        try (Scope scope = Scope.open();
                Model model = new Model();
                RmsProp optimizer = new RmsProp(ParameterGroups.of(model.parameters(), 0), 0.99, 1e-8, 0, false)) {
            for (Parameter parameter : model.parameters().values())
                parameter.value().zeroInPlace();
            float[] huge = new float[200_000];
            for (int i = 0; i < huge.length; i++) huge[i] = 1e6f * (1 + i % 7);
            model.large.value().mul(Tensor.ofFloats(huge, huge.length)).sum().backward();
            model.small
                    .value()
                    .mul(Tensor.ofFloats(new float[] {1e-6f, -2e-6f, 3e-6f}, 3))
                    .sum()
                    .backward();
            optimizer.step(1e-2, 1);
            // Root of the mean square after one step is a tenth of the gradient.
            float[] large = model.large.value().toFloats();
            for (int i = 0; i < large.length; i++) assertThat(large[i]).isCloseTo(-0.1f, within(1e-6f));
            assertThat(model.small.value().toFloats())
                    .containsExactly(
                            new float[] {
                                (float) (-1e-2 * 1e-6 / (1e-7 + 1e-8)),
                                (float) (1e-2 * 2e-6 / (2e-7 + 1e-8)),
                                (float) (-1e-2 * 3e-6 / (3e-7 + 1e-8))
                            },
                            within(1e-6f));
        }
    }
}
