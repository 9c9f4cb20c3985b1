package dev.attune.task.textclassification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.report.ReportText;
import dev.attune.task.Artifact;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorstRowsTest {
    /** The report cuts long cells in the middle: a text that was cut at its end must not lose a letter there as well. */
    @Test
    void aLongTextIsCutOnceAtItsEnd() {
        String text = "abcdefghij".repeat(15);
        Dataset rows = Datasets.of("rows", List.of(Map.of("text", text)));
        WorstRows worst = new WorstRows(rows, new TextColumns("text", null, null));
        worst.add(1, 0, "a", "b", 1.0);
        Artifact table = worst.table("mistakes", "Mistakes", List.of("label", "predicted", "score"))
                .orElseThrow();
        String shown = "abcdefghij".repeat(10).substring(0, 99) + "…";
        assertThat(ReportText.of(List.of(table))).endsWith("  " + shown + "\n");
    }
}
