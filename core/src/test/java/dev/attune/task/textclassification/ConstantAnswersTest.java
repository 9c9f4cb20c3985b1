package dev.attune.task.textclassification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Batch;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One answer for all rows is said, unless it may be right or chance. */
class ConstantAnswersTest {
    @Test
    void ofClasses() {
        LabelMetrics metrics = of(ProblemType.SINGLE_LABEL_CLASSIFICATION);
        add(metrics, 8, new int[] {1}, new float[0], 0, 1);
        assertThat(metrics.notes()).isEmpty();
        add(metrics, 1, new int[] {0}, new float[0], 0, 1);
        assertThat(metrics.notes()).as("so few may be chance").isEmpty();
        add(metrics, 1, new int[] {0}, new float[0], 0, 1);
        assertThat(metrics.notes())
                .singleElement()
                .asString()
                .startsWith(
                        "All 10 rows get the label \"b\", but they have 2 different ones: the model tells nothing apart.");
        add(metrics, 1, new int[] {0}, new float[0], 2, 1);
        assertThat(metrics.notes()).isEmpty();

        LabelMetrics right = of(ProblemType.SINGLE_LABEL_CLASSIFICATION);
        add(right, 20, new int[] {1}, new float[0], 0, 1);
        assertThat(right.notes()).as("all rows have this label").isEmpty();
    }

    /** 20 rows, 18 of them b: one of the two others is found, and then both. */
    @Test
    void accuracyThatIsTheLargestLabels() {
        LabelMetrics metrics = of(ProblemType.SINGLE_LABEL_CLASSIFICATION);
        add(metrics, 18, new int[] {1}, new float[0], 0, 1);
        add(metrics, 1, new int[] {0}, new float[0], 0, 1);
        add(metrics, 1, new int[] {0}, new float[0], 1, 0);
        assertThat(metrics.notes())
                .singleElement()
                .asString()
                .isEqualTo("Accuracy misleads here: it is 0.950, but to answer \"b\" always has 0.900. Look at"
                        + " balanced_accuracy (0.750), f1_macro (0.820) and mcc (0.688); class_weights or oversample may"
                        + " help.");
        add(metrics, 18, new int[] {0}, new float[0], 1, 0);
        assertThat(metrics.notes()).as("labels of equal size").isEmpty();
        LabelMetrics right = of(ProblemType.SINGLE_LABEL_CLASSIFICATION);
        add(right, 18, new int[] {1}, new float[0], 0, 1);
        add(right, 2, new int[] {0}, new float[0], 1, 0);
        assertThat(right.notes()).isEmpty();
    }

    @Test
    void ofSeveralLabels() {
        LabelMetrics metrics = of(ProblemType.MULTI_LABEL_CLASSIFICATION);
        add(metrics, 10, new int[0], new float[] {1, 0}, -1, -1);
        assertThat(metrics.notes()).isEmpty();
        add(metrics, 1, new int[0], new float[] {1, 1}, -1, -1);
        assertThat(metrics.notes())
                .singleElement()
                .asString()
                .startsWith("None of 11 rows gets a label, but they have");
        add(metrics, 1, new int[0], new float[] {1, 1}, 1, -1);
        assertThat(metrics.notes()).isEmpty();
    }

    @Test
    void ofNumbers() {
        LabelMetrics metrics = of(ProblemType.REGRESSION);
        for (int i = 0; i < 12; i++) add(metrics, 1, new int[0], new float[] {i}, 5 + i / 200f);
        assertThat(metrics.notes())
                .singleElement()
                .asString()
                .startsWith("All 12 rows get about the same number, 5.000,");
        add(metrics, 1, new int[0], new float[] {3}, 5.5f);
        assertThat(metrics.notes()).isEmpty();
        LabelMetrics right = of(ProblemType.REGRESSION);
        for (int i = 0; i < 12; i++) add(right, 1, new int[0], new float[] {5}, 5);
        assertThat(right.notes()).as("they are the same").isEmpty();
    }

    private static LabelMetrics of(ProblemType problem) {
        List<String> names = problem == ProblemType.REGRESSION ? List.of("x") : List.of("a", "b");
        return LabelMetrics.of(new Labels(problem, names), null, null);
    }

    private static void add(LabelMetrics metrics, int rows, int[] labels, float[] targets, float... logits) {
        int[] one = {1};
        for (int i = 0; i < rows; i++) {
            metrics.add(
                    new Batch(one, one, one, labels, one, targets, one, new long[1]),
                    Arrays.copyOf(logits, logits.length));
        }
    }
}
