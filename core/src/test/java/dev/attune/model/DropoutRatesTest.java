package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.ConfigException;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DropoutRatesTest {
    private static final Head HEAD = Head.SEQUENCE_CLASSIFICATION;
    private static final int HIDDEN = 16;
    private static final int ROUNDS = 400;

    private static ModelConfig config(DropoutRates rates) {
        return rates.applyTo(TinyModel.config(0.1).withLabels(List.of("a", "b", "c")), HEAD);
    }

    private static Bert.ForSequenceClassification model(DropoutRates rates) {
        Rng.seed(3);
        return (Bert.ForSequenceClassification)
                Models.untrained(config(rates), HEAD).model();
    }

    @Test
    void theRatesStandUnderTheFamilysKeys() {
        ModelConfig changed = config(new DropoutRates(0.2, 0.3, 0.4));
        assertThat(changed.number("hidden_dropout_prob", -1)).isEqualTo(0.2);
        assertThat(changed.number("attention_probs_dropout_prob", -1)).isEqualTo(0.3);
        assertThat(changed.number("classifier_dropout", -1)).isEqualTo(0.4);
        assertThat(DropoutRates.inForce(changed, HEAD))
                .containsExactly(
                        Map.entry("hidden_dropout", 0.2),
                        Map.entry("attention_dropout", 0.3),
                        Map.entry("classifier_dropout", 0.4));
    }

    @Test
    void whatIsNotSetIsTheModelsOwn() {
        ModelConfig own = TinyModel.config(0.1).withLabels(List.of("a", "b", "c"));
        assertThat(config(DropoutRates.NONE).toJson()).isEqualTo(own.toJson());
        // As in the reference, BERT's classifier goes by the hidden rate where it has none of its own.
        assertThat(DropoutRates.inForce(config(DropoutRates.NONE.withHidden(0.25)), HEAD))
                .isEqualTo(Map.of("hidden_dropout", 0.25, "attention_dropout", 0.1, "classifier_dropout", 0.25));
        assertThat(DropoutRates.inForce(ModelConfig.parse("{\"model_type\": \"bert\"}"), HEAD))
                .isEqualTo(Map.of("hidden_dropout", 0.1, "attention_dropout", 0.1, "classifier_dropout", 0.1));
    }

    @Test
    void aHeadWithoutDropoutRefusesARate() {
        for (Head head : List.of(Head.QUESTION_ANSWERING, Head.MASKED_LM, Head.BACKBONE)) {
            assertThatThrownBy(() -> DropoutRates.NONE.withClassifier(0.1).applyTo(TinyModel.config(0.1), head))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("classifier_dropout is set, but a model of the type bert for "
                            + head.name().toLowerCase().replace('_', ' ')
                            + " has no such dropout. Delete the key. There is hidden_dropout and attention_dropout.");
        }
        assertThatThrownBy(() -> DropoutRates.NONE.withHidden(1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("hidden_dropout is 1.0, but must be from 0 to less than 1.");
        assertThatThrownBy(() -> DropoutRates.NONE.withAttention(Double.NaN)).isInstanceOf(ConfigException.class);
    }

    @Test
    void withoutDropoutTrainingComputesWhatEvaluationDoes() {
        try (var still = model(new DropoutRates(0.0, 0.0, 0.0));
                var own = model(DropoutRates.NONE)) {
            assertThat(loss(still, true, 1)).isEqualTo(loss(still, false, 1));
            assertThat(loss(own, true, 1)).isNotEqualTo(loss(own, false, 1));
        }
    }

    private static double loss(Bert.ForSequenceClassification model, boolean training, long key) {
        try (Scope scope = Scope.open()) {
            return loss(model, training, key, 5, 6, 7, 8, 9).item();
        }
    }

    private static Tensor loss(Bert.ForSequenceClassification model, boolean training, long key, int... ids) {
        model.train(training);
        Tokens tokens = Tokens.of(ids, new int[ids.length], new int[] {ids.length}, new long[] {key});
        return Losses.crossEntropySum(model.forward(tokens), Tensor.ofInts(new int[] {1}), 0);
    }

    /** What the classifier does not see has no gradient in its weights. */
    @Test
    void theClassifierDropsItsShare() {
        assertThat(dropped(new DropoutRates(0.0, 0.0, 0.3), "classifier.weight", HIDDEN))
                .isCloseTo(0.3, within(0.02));
        assertThat(dropped(new DropoutRates(0.3, 0.3, 0.0), "classifier.weight", HIDDEN))
                .isZero();
    }

    /** The bias of a product has no gradient where its output is dropped. */
    @Test
    void theLayersDropTheirShare() {
        for (String block : List.of("output", "attention.output")) {
            String bias = "bert.encoder.layer.1." + block + ".dense.bias";
            assertThat(dropped(new DropoutRates(0.2, 0.0, 0.0), bias, HIDDEN)).isCloseTo(0.2, within(0.02));
            assertThat(dropped(new DropoutRates(0.0, 0.5, 0.5), bias, HIDDEN)).isZero();
        }
    }

    /** One token takes all from itself: where that is dropped, the values of the whole head have no gradient. */
    @Test
    void attentionDropsItsShare() {
        String bias = "bert.encoder.layer.1.attention.self.value.bias";
        assertThat(dropped(new DropoutRates(0.0, 0.4, 0.0), bias, HIDDEN)).isCloseTo(0.4, within(0.05));
        assertThat(dropped(new DropoutRates(0.0, 0.0, 0.0), bias, HIDDEN)).isZero();
    }

    /** Share of the columns of a parameter without a gradient, over texts of one token. */
    private static double dropped(DropoutRates rates, String name, int columns) {
        int dropped = 0;
        try (var model = model(rates)) {
            Tensor parameter = model.parameters().get(name).value();
            for (int round = 0; round < ROUNDS; round++) {
                try (Scope scope = Scope.open()) {
                    loss(model, true, round, 5 + round % 60).backward();
                    float[] gradient = parameter.grad().toFloats();
                    for (int c = 0; c < columns; c++) if (gradient[c] == 0) dropped++;
                }
                model.parameters().values().forEach(each -> each.value().clearGrad());
            }
        }
        return dropped / (double) (ROUNDS * columns);
    }
}
