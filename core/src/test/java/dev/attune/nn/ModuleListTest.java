package dev.attune.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.tensor.Activations;
import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ModuleListTest {
    @Test
    void chainFreesWhatALayerLeavesBehindButNotWhatItsGradientNeeds() {
        try (ModuleList<Linear> layers = new ModuleList<>(3, i -> new Linear(4, 4, 0.5));
                Scope scope = Scope.open()) {
            layers.parameters().values().forEach(Parameter::initialise);
            Tensor x = Tensor.ofFloats(new float[] {1, -2, 3, -4}, 1, 4).requiresGrad(true);
            long before = Scope.liveHandles();
            Tensor chained = layers.chain(
                    x, (layer, h) -> Activations.tanh(layer.forward(h)).mul(2));
            assertThat(Scope.liveHandles() - before)
                    .as("one output for each layer")
                    .isEqualTo(3);

            Tensor plain = x;
            for (Linear layer : layers)
                plain = Activations.tanh(layer.forward(plain)).mul(2);
            assertThat(chained.toFloats()).isEqualTo(plain.toFloats());

            chained.sum().backward();
            float[] gradient = x.grad().toFloats();
            x.clearGrad();
            plain.sum().backward();
            assertThat(gradient).isEqualTo(x.grad().toFloats()).doesNotContain(0f);
            assertThat(layers.iterator().next().weight.value().grad().type()).isEqualTo(DType.FLOAT32);
        }
    }
}
