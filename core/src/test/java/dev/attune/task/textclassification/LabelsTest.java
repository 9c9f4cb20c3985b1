package dev.attune.task.textclassification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelsTest {
    private static Dataset data(@Nullable Object... labels) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Object label : labels) rows.add(Collections.singletonMap("label", label));
        return Datasets.of("memory", rows);
    }

    private static Labels infer(@Nullable Object... labels) {
        return Labels.infer(data(labels), "label", null, null);
    }

    @Test
    void wholeNumbersSortAsNumbersAndWordsAsWords() {
        assertThat(infer("10", "9", "0").names()).containsExactly("0", "9", "10");
        assertThat(infer(10L, 9L, -1L).names()).containsExactly("-1", "9", "10");
        assertThat(infer("b", "B", "a", " a ").names()).containsExactly("B", "a", "b");
        assertThat(infer(true, false).names()).containsExactly("false", "true");
        assertThat(infer("1", "two").names()).containsExactly("1", "two");
    }

    /** Some numbers and some words have one order only if all are compared as texts. */
    @ParameterizedTest
    @CsvSource({
        "10|1a|9, 10|1a|9",
        "9|10|two|1, 1|10|9|two",
        "10|01|1|9|001, 001|01|1|9|10",
        "+1|1|-1|0, -1|0|+1|1",
    })
    void theOrderOfTheRowsDecidesNothing(String labels, String expected) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 3; i++) rows.addAll(List.of(labels.split("\\|")));
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(rows, random);
            Labels found = infer(rows.toArray());
            assertThat(found.names()).as("seed " + seed + ", " + rows).containsExactly(expected.split("\\|"));
            List<Labels.Value> values = found.read(data(rows.toArray()), "label");
            for (int row = 0; row < rows.size(); row++) {
                assertThat(found.names().get(values.get(row).classes()[0])).isEqualTo(rows.get(row));
            }
        }
    }

    @Test
    void labelsThatAreTheSameNumberAreTwo() {
        assertThat(infer("1", "01").names()).containsExactly("01", "1");
    }

    @Test
    void decimalsAreTargets() {
        Labels labels = infer("0.5", "2");
        assertThat(labels).isEqualTo(new Labels(ProblemType.REGRESSION, List.of("LABEL_0")));
        assertThat(labels.read(data("0.5", "2", "-1e2"), "label").stream().map(value -> value.targets()[0]))
                .containsExactly(0.5f, 2f, -100f);
        assertThat(infer(1.0, 2.0).problem()).isEqualTo(ProblemType.REGRESSION);
        assertThat(infer("1.5", "high").problem()).isEqualTo(ProblemType.SINGLE_LABEL_CLASSIFICATION);
        assertThat(infer("1d", "2f").problem()).isEqualTo(ProblemType.SINGLE_LABEL_CLASSIFICATION);
    }

    @Test
    void listsAreSetsOfLabels() {
        Labels labels = infer(List.of("b", "a"), List.of());
        assertThat(labels).isEqualTo(new Labels(ProblemType.MULTI_LABEL_CLASSIFICATION, List.of("a", "b")));
        List<Labels.Value> values = labels.read(data(List.of("b"), List.of(), List.of("a", "b")), "label");
        assertThat(values.get(0).targets()).containsExactly(0, 1);
        assertThat(values.get(1).targets()).containsExactly(0, 0);
        assertThat(values.get(2).targets()).containsExactly(1, 1);
        assertThat(values.get(0).classes()).isEmpty();
    }

    @Test
    void barsSeparateLabelsIfAskedFor() {
        Labels labels = Labels.infer(data("a|b", "c"), "label", null, ProblemType.MULTI_LABEL_CLASSIFICATION);
        assertThat(labels.names()).containsExactly("a", "b", "c");
        assertThat(infer("a|b", "c").names()).containsExactly("a|b", "c");
    }

    @Test
    void givenLabelsKeepTheirOrder() {
        Labels labels = Labels.infer(data("no", "yes"), "label", List.of("yes", "no"), null);
        assertThat(labels.read(data("no", "yes"), "label").stream().map(value -> value.classes()[0]))
                .containsExactly(1, 0);
        assertThatThrownBy(() ->
                        new Labels(ProblemType.SINGLE_LABEL_CLASSIFICATION, List.of("a", "a")).read(data("a"), "label"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("\"a\" twice");
        assertThatThrownBy(() -> Labels.infer(data("0.5", "1.5"), "label", List.of("a", "b"), null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("which is a regression")
                .hasMessageContaining("problem_type: single_label_classification");
    }

    @Test
    void mistakesHaveTheirRow() {
        assertThatThrownBy(() -> infer("a", null))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("row 2: the label in column \"label\" is empty. Give it a label");
        assertThatThrownBy(() -> infer("a", null, "b", " ", null))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "row 2: the label in column \"label\" is empty, and 2 more are. Give them labels,");
        assertThatThrownBy(() -> infer("a", "a"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Every row of memory has the label \"a\"");
        assertThatThrownBy(() -> infer(java.util.stream.IntStream.range(0, 1500)
                        .mapToObj(i -> "text " + i)
                        .toArray()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("1500 different values in 1500 rows")
                .hasMessageContaining("Set label_column");
        assertThatThrownBy(() -> infer("1.5", "2.5").read(data("1", "inf", "Infinity"), "label"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("row 2: the target in column \"label\" is \"inf\"");
    }
}
