package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model in two parts gives what it gives in one, wherever it is cut. */
class LayeredModelTest {
    private static final int[] LENGTHS = {5, 1, 7, 4};
    private static final int[] IDS = {2, 9, 30, 11, 3, 40, 2, 8, 8, 9, 50, 51, 3, 2, 60, 12, 3};

    @ParameterizedTest
    @EnumSource(
            value = Head.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CAUSAL_LM", "SEQUENCE_TO_SEQUENCE"}) // which BERT does not have
    void lowerAndUpperPartAreTheWhole(Head head) {
        ModelConfig config = TinyModel.config(0).with("num_hidden_layers", 3).withLabels(List.of("a", "b"));
        Rng.seed(3);
        try (PretrainedModel model = Models.untrained(config, head).model()) {
            LayeredModel layered = (LayeredModel) model;
            assertThat(layered.layers()).isEqualTo(3);
            for (boolean recorded : new boolean[] {false, true}) {
                for (int layers = 0; layers <= 3; layers++) compare(model, layered, layers, recorded);
            }
        }
    }

    /** The distances that all of T5's layers add are in the table of the lowest one. */
    @Test
    void theEncoderOfT5Too() {
        ModelConfig config = ModelConfig.parse("""
                {"model_type": "t5", "vocab_size": 64, "d_model": 16, "d_kv": 5, "d_ff": 24, "num_layers": 3, "num_heads": 3,
                 "initializer_factor": 0.3, "relative_attention_num_buckets": 8, "relative_attention_max_distance": 16}
                """).withLabels(List.of("a", "b"));
        Rng.seed(4);
        try (PretrainedModel model =
                Models.untrained(config, Head.TOKEN_CLASSIFICATION).model()) {
            for (boolean recorded : new boolean[] {false, true}) {
                for (int layers = 0; layers <= 3; layers++) compare(model, (LayeredModel) model, layers, recorded);
            }
        }
    }

    private static void compare(PretrainedModel model, LayeredModel layered, int layers, boolean recorded) {
        try (Scope scope = Scope.open()) {
            Tensor states = Grad.off(() -> layered.lower(tokens(), layers)); // (N, C), without filler
            Function<SequenceLayout, Tensor> entry = layout -> {
                int filler = layout.rows() - layout.tokens();
                assertThat(filler > 0).isEqualTo(recorded);
                return filler == 0 ? states : Tensor.cat(0, List.of(states, states.narrow(0, 0, filler)));
            };
            float[] whole = output(model, recorded);
            float[] upper = layered.above(new LowerStates(layers, entry), () -> output(model, recorded));
            // Filler changes the order of sums: a few places of 32 bits at the end of the largest number.
            double largest = 1;
            for (float number : whole) largest = Math.max(largest, Math.abs(number));
            Golden.assertClose(layers + " layers", upper, whole, 1e-6 * largest);
            assertThat(output(model, recorded)).as("as before").containsExactly(whole);
        }
    }

    private static Tokens tokens() {
        return Tokens.of(IDS, new int[IDS.length], LENGTHS);
    }

    /** Where gradients are recorded, the layout has filler. */
    private static float[] output(PretrainedModel model, boolean recorded) {
        return recorded ? output(model) : Grad.off(() -> output(model));
    }

    private static float[] output(PretrainedModel model) {
        if (model instanceof SequenceClassifier classifier)
            return classifier.forward(tokens()).toFloats();
        if (model instanceof TokenScorer scorer) return scorer.forward(tokens()).toFloats();
        if (model instanceof LanguageModel words) {
            return words.forward(tokens(), Tensor.ofInts(new int[] {1, 5, 8})).toFloats();
        }
        return ((EncoderModel) model).forward(tokens()).lastHiddenState().toFloats();
    }
}
