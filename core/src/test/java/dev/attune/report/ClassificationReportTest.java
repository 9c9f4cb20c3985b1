package dev.attune.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.DataException;
import dev.attune.metric.Confusion;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The table itself is held to scikit-learn's output by {@code MetricParityTest}. */
class ClassificationReportTest {
    @Test
    void smallMatrixIsPrintedWhole() {
        var confusion = new Confusion(2);
        confusion.add(new int[] {0, 0, 0, 1, 1}, new int[] {0, 0, 1, 1, 1});

        assertThat(new ClassificationReport(confusion, List.of("ham", "spam")).confusionText())
                .isEqualTo("""
                        true \\ predicted    ham  spam
                                     ham      2     1
                                    spam      0     2
                        """);
    }

    @Test
    void largeMatrixIsPrintedAsItsWorstPairs() {
        var confusion = new Confusion(13);
        confusion.add(new int[] {3, 3, 7, 5}, new int[] {4, 4, 8, 5});
        List<String> labels = IntStream.range(0, 13).mapToObj(i -> "label " + i).toList();
        var report = new ClassificationReport(confusion, labels);

        assertThat(report.confusionText()).isEqualTo("""
                        rows  true label  predicted as
                           2  label 3     label 4
                           1  label 7     label 8
                        """);
        assertThat(report.mostConfused(1)).containsExactly(new ClassificationReport.Confused(3, 4, 2));
    }

    @Test
    void labelsThatOccurNowhereAreNamedBelow() {
        var confusion = new Confusion(3);
        confusion.add(0, 2);
        String text = new ClassificationReport(confusion, List.of("a", "ghost", "c")).text();

        assertThat(text).endsWith("\nNeither in the data nor predicted: ghost\n");
        assertThat(text.lines().filter(line -> line.strip().startsWith("ghost")))
                .isEmpty();
    }

    @Test
    void longLabelsLoseTheirMiddleAndStayDifferent() {
        String family = "balance_not_updated_after_bank_transfer_with_a_very_long_name";
        List<String> fitted = LabelText.fit(List.of(family, family + "s", "line\nbreak", family, ""), 20);

        assertThat(fitted)
                .containsExactly(
                        "balance_n…_long_name", "balance_n…long_names", "line break", "balance_not_updat…#3", "#4");
        assertThat(fitted).allMatch(label -> LabelText.length(label) <= 20).doesNotHaveDuplicates();
    }

    @Test
    void labelCountMustFit() {
        assertThatThrownBy(() -> new ClassificationReport(new Confusion(2), List.of("a")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2 labels was given 1 label names");
    }
}
