package dev.attune.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.model.Golden;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LowRankTest {
    private static final int IN = 6;
    private static final int OUT = 5;

    /** A model around the layer gives it its place. */
    private static final class Model extends NeuralModule {
        private final Linear layer;
        private final LowRank adapter;

        Model(double dropout) {
            this(new Linear(IN, OUT, 0.5), dropout);
        }

        Model(Linear linear, double dropout) {
            layer = child("layer", linear);
            Rng.seed(3);
            adapter = layer.adapt(2, 1.5, dropout, Init.kaimingUniform());
            parameters().values().forEach(Parameter::initialise);
            adapter.b().value().normalInPlace(0, 1);
        }
    }

    @Test
    void namesAreThoseOfPeft() {
        try (Model model = new Model(0)) {
            assertThat(model.parameters().keySet())
                    .containsExactly("layer.weight", "layer.bias", "layer.lora_A.weight", "layer.lora_B.weight");
            assertThat(model.adapter.a().value().shape()).containsExactly(2, IN);
            assertThat(model.adapter.b().value().shape()).containsExactly(OUT, 2);
            double most = 0;
            for (float value : model.adapter.a().value().toFloats()) most = Math.max(most, Math.abs(value));
            assertThat(most).as("within 1/√in").isBetween(0.2, 1 / Math.sqrt(IN));
            assertThatThrownBy(() -> model.layer.adapt(2, 1, 0, Init.ZEROS)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void mergedTheLayerGivesTheSame() {
        try (Model model = new Model(0);
                Scope scope = Scope.open()) {
            Tensor x = rows(4);
            float[] adapted = model.layer.forward(x).toFloats();
            model.layer.merge();
            assertThat(model.parameters()).hasSize(2);
            Golden.assertClose("merged", model.layer.forward(x).toFloats(), adapted, 1e-6);
            model.layer.merge(); // nothing to do
            Golden.assertClose("merged", model.layer.forward(x).toFloats(), adapted, 1e-6);
        }
    }

    @Test
    void aTurnedWeightIsMergedTurned() {
        try (Model model = new Model(Linear.turned(IN, OUT, 0.5), 0);
                Scope scope = Scope.open()) {
            assertThat(model.layer.weight.value().shape()).containsExactly(IN, OUT);
            assertThat(model.adapter.b().value().shape()).containsExactly(OUT, 2);
            Tensor x = rows(4);
            float[] adapted = model.layer.forward(x).toFloats();
            model.layer.merge();
            assertThat(model.layer.weight.value().shape()).containsExactly(IN, OUT);
            Golden.assertClose("merged", model.layer.forward(x).toFloats(), adapted, 1e-6);
        }
    }

    /** Which inputs are dropped is the row's own matter: not that of its batch, of its neighbours or of the time. */
    @Test
    void dropoutBelongsToTheRow() {
        try (Model model = new Model(0.5);
                Scope scope = Scope.open()) {
            model.train(true);
            SequenceLayout both = SequenceLayout.rounded(new int[] {3, 2}, new long[] {7, 8});
            SequenceLayout second = SequenceLayout.rounded(new int[] {2}, new long[] {8});
            Tensor x = rows(5);
            float[] together = model.layer.forward(x, both.keys()).toFloats();
            float[] alone =
                    model.layer.forward(x.narrow(0, 3, 2), second.keys()).toFloats();
            Golden.assertClose("row", Arrays.copyOfRange(together, 3 * OUT, 5 * OUT), alone, 1e-6);
            assertThat(model.layer.forward(x, both.keys()).toFloats()).isEqualTo(together);
            model.train(false);
            assertThat(model.layer.forward(x).toFloats())
                    .as("nothing is dropped")
                    .isNotEqualTo(together);
        }
    }

    @Test
    void dropoutNeedsTheKeys() {
        try (Model model = new Model(0.5);
                Scope scope = Scope.open()) {
            model.train(true);
            assertThatThrownBy(() -> model.layer.forward(rows(2)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("needs the keys");
        }
    }

    @Test
    void sixteenBitsDifferByRoundingOnly() {
        try (Model model = new Model(0);
                Scope scope = Scope.open()) {
            Tensor x = rows(4);
            float[] exact = model.layer.forward(x).toFloats();
            float[] autocast = Autocast.run(
                    DType.BFLOAT16,
                    () -> model.layer.forward(x).to(DType.FLOAT32).toFloats());
            Golden.assertClose("autocast", autocast, exact, 3e-2);
            model.castForPrediction(DType.BFLOAT16);
            float[] cast = Grad.off(() -> Autocast.run(
                    DType.BFLOAT16,
                    () -> model.layer.forward(x).to(DType.FLOAT32).toFloats()));
            assertThat(cast).isEqualTo(autocast);
        }
    }

    private static Tensor rows(int count) {
        float[] values = new float[count * IN];
        for (int i = 0; i < values.length; i++) values[i] = (float) Math.sin(i + 1);
        return Tensor.ofFloats(values, count, IN);
    }
}
