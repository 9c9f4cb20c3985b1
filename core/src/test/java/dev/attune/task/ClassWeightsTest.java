package dev.attune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassWeightsTest {
    private static final List<String> LABELS = List.of("ham", "spam");
    private static final long[] COUNTS = {30, 10};

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.7, 1.3 | 0.7, 1.3 | 0.7 | 1.3",
                "[0.7,1.3] | 0.7, 1.3 | 0.7 | 1.3",
                "spam=3.0 | spam=3.0 | 1 | 3",
                "spam = 3, ham=0.5 | spam=3.0, ham=0.5 | 0.5 | 3",
                "{\"spam\": 3} | spam=3.0 | 1 | 3",
                "{\"spam\": \"3.0\"} | spam=3.0 | 1 | 3",
                "balanced | balanced | 0.6666666666666666 | 2"
            })
    void oneThingSaidInSeveralWaysIsTheSame(String said, String text, double ham, double spam) {
        ClassWeights weights = new ClassWeights(said);
        assertThat(weights.text()).isEqualTo(text);
        assertThat(new ClassWeights(text)).isEqualTo(weights);
        assertThat(weights.of(LABELS, COUNTS)).containsExactly(ham, spam);
    }

    @Test
    void namesMayHoldWhatSeparates() {
        ClassWeights weights = ClassWeights.of(Map.of("a,b", 2.0));
        assertThat(weights.of(List.of("a,b", "c"), COUNTS)).containsExactly(2, 1);
        assertThat(new ClassWeights(weights.text())).isEqualTo(weights);
        assertThat(ClassWeights.of(0.7, 1.3)).isEqualTo(new ClassWeights("0.7, 1.3"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "balancd | class_weights is \"balancd\", but must be one of balanced, inverse_sqrt, effective_number, a number"
                        + " for each label, or numbers by label, for instance spam=3.0. Did you mean \"balanced\"?",
                "0.7, -1 | class_weights: a weight is -1, but must be a number above 0.",
                "0.7, 0 | class_weights: a weight is 0, but must be a number above 0.",
                "0.7, NaN | class_weights: a weight is NaN, but must be a number above 0.",
                "1e-60, 1 | class_weights: a weight is 1e-60, but must be a number above 0.",
                "spam=-2 | class_weights: a weight of \"spam\" is -2, but must be a number above 0.",
                "spam=many | class_weights: the weight of \"spam\" is \"many\", expected a number above 0.",
                "{\"spam\": [1]} | class_weights is \"{\"spam\": [1]}\", but must be one of balanced, inverse_sqrt, effective_number, a"
                        + " number for each label, or numbers by label, for instance spam=3.0.",
                "{\"spam\": 1 | class_weights is \"{\"spam\": 1\", but must be one of balanced, inverse_sqrt, effective_number, a"
                        + " number for each label, or numbers by label, for instance spam=3.0.",
                "spam=1, spam=2 | class_weights names \"spam\" twice.",
                "spam=1, 2 | class_weights has weights with and without the name of a label, but must be one of balanced,"
                        + " inverse_sqrt, effective_number, a number for each label, or numbers by label, for instance"
                        + " spam=3.0.",
                "effective_number=1 | class_weights has effective_number=1.0, but its beta must be above 0 and below 1."
            })
    void mistakes(String said, String sentence) {
        assertThatThrownBy(() -> new ClassWeights(said))
                .isInstanceOf(ConfigException.class)
                .hasMessage(sentence);
    }

    @Test
    void weightsThatDoNotBelongToTheLabels() {
        assertThatThrownBy(() -> ClassWeights.of(1, 2, 3).check(LABELS))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "class_weights has 3 weights, but there are 2 labels: ham, spam. Give one weight for each, in"
                                + " this order.");
        assertThatThrownBy(() -> ClassWeights.of(Map.of("spm", 2.0)).check(LABELS))
                .isInstanceOf(ConfigException.class)
                .hasMessage("class_weights names \"spm\", which is no label. Did you mean \"spam\"? The labels are ham,"
                        + " spam.");
    }

    /** Rows that have a label against rows that have not. */
    @Test
    void severalLabelsARow() {
        assertThat(ClassWeights.BALANCED.positive(LABELS, new long[] {30, 0}, 40))
                .containsExactly(10 / 30.0, 1);
        assertThat(ClassWeights.rule("inverse_sqrt").positive(LABELS, new long[] {8, 20}, 40))
                .containsExactly(2, 1);
        assertThat(ClassWeights.rule("effective_number=0.5").positive(List.of("a"), new long[] {1}, 3))
                .containsExactly((1 - 0.25) / (1 - 0.5));
        assertThat(ClassWeights.of(0.5, 2).positive(LABELS, new long[] {8, 20}, 40))
                .containsExactly(0.5, 2);
    }

    @Test
    void aLabelWithoutRowsWeighsOne() {
        for (String rule : List.of("balanced", "inverse_sqrt", "effective_number")) {
            double[] weights = ClassWeights.rule(rule).of(List.of("a", "b", "c"), new long[] {30, 0, 10});
            double[] without = ClassWeights.rule(rule).of(List.of("a", "c"), new long[] {30, 10});
            assertThat(weights).as(rule).containsExactly(without[0], 1, without[1]);
        }
    }

    @Test
    void whatIsInForceIsSaid() {
        assertThat(ClassWeights.BALANCED.describe(LABELS, ClassWeights.BALANCED.of(LABELS, COUNTS)))
                .isEqualTo("Class weights (balanced): ham 0.6667, spam 2.000.");
        List<String> many = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i");
        assertThat(ClassWeights.of(Map.of("c", 7.0, "e", 0.5))
                        .describe(many, new double[] {1, 1, 7, 1, 0.5, 1, 1, 1, 1}))
                .isEqualTo("Class weights (as given): e 0.5000 to c 7.000.");
    }
}
