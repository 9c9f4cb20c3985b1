package dev.attune.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelFindingsTest {
    private static List<String> warnings(Findings findings) {
        return findings.lines().stream()
                .filter(line -> line.level() == Finding.Level.WARNING)
                .map(Finding::text)
                .toList();
    }

    @Test
    void countsSharesAndImbalance() {
        Findings found = LabelFindings.of(List.of("a", "bb"), new long[] {60, 20}, 80, "rows");
        assertThat(found.lines())
                .extracting(Finding::text)
                .containsExactly(
                        "a         60   75.0%  " + "#".repeat(30),
                        "bb        20   25.0%  " + "#".repeat(10),
                        "the most frequent label has 3.0 times the rows of the rarest");
        assertThat(found.facts())
                .containsEntry("imbalance_ratio", 3.0)
                .containsEntry(
                        "counts",
                        List.of(
                                Map.of("label", "a", "count", 60L, "share", 0.75),
                                Map.of("label", "bb", "count", 20L, "share", 0.25)));
        assertThat(warnings(found)).isEmpty();
    }

    @Test
    void fewAndNone() {
        Findings found = LabelFindings.of(List.of("a", "b", "c", "d"), new long[] {100, 9, 10, 0}, 119, "rows");
        assertThat(warnings(found))
                .containsExactly(
                        "no row has the label d", "labels with fewer than 10 rows: b. Give them more, or merge them");
        assertThat(found.facts()).containsEntry("few", List.of("b")).containsEntry("unused", List.of("d"));
    }

    @Test
    void spellingsOfOneLabel() {
        List<String> names = List.of("Refund", "card lost", "card  lost", "other", "refund");
        Findings found = LabelFindings.of(names, new long[] {20, 20, 20, 20, 20}, 100, "rows");
        assertThat(warnings(found))
                .containsExactly(
                        "the labels card lost, card  lost differ in case or spaces only",
                        "the labels Refund, refund differ in case or spaces only");
    }

    @Test
    void oneLabelTeachesNothing() {
        assertThat(warnings(LabelFindings.of(List.of("a", "b"), new long[] {50, 0}, 50, "rows")))
                .containsExactly(
                        "all rows have one label, which leaves nothing to learn or to measure",
                        "no row has the label b");
    }
}
