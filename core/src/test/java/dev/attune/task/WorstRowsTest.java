package dev.attune.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.report.ReportText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorstRowsTest {
    /** The report cuts long cells in the middle: a text that was cut at its end must not lose a letter there as well. */
    @Test
    void aLongTextIsCutOnceAtItsEnd() {
        String text = "abcdefghij".repeat(15);
        Dataset rows = Datasets.of("rows", List.of(Map.of("text", text)));
        WorstRows worst = new WorstRows(rows, List.of("text"));
        worst.add(1, 0, "a", "b", 1.0);
        Artifact table = worst.table("mistakes", "Mistakes", List.of("label", "predicted", "score"))
                .orElseThrow();
        String shown = "abcdefghij".repeat(10).substring(0, 99) + "…";
        assertThat(ReportText.of(List.of(table))).endsWith("  " + shown + "\n");
    }

    /** Three rows are as bad as each other each time, and the limit falls among three of them. */
    @Test
    void theWorstTwentyDoNotDependOnTheOrderOfBatches() {
        List<Map<String, Object>> texts = new ArrayList<>();
        for (int row = 0; row < 60; row++) texts.add(Map.of("text", "text " + row));
        Dataset rows = Datasets.of("rows", texts);
        List<String> expected = new ArrayList<>();
        for (int row = 57; expected.size() < 20; row -= 3) {
            for (int next = row; next < row + 3 && expected.size() < 20; next++) expected.add("row " + (next + 1));
        }
        List<Integer> order = new ArrayList<>(IntStream.range(0, 60).boxed().toList());
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(order, random);
            WorstRows worst = new WorstRows(rows, List.of("text"));
            for (int row : order) worst.add(row / 3, row, "a");
            Artifact.Table table = (Artifact.Table)
                    worst.table("mistakes", "Mistakes", List.of("label")).orElseThrow();
            assertThat(table.rows().stream().map(line -> line.get(0)).toList())
                    .as("seed " + seed)
                    .isEqualTo(expected);
        }
    }
}
