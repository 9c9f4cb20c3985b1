package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadReportTest {
    @Test
    void readsLikeASummary() {
        LoadReport report = new LoadReport(
                List.of("a", "b"),
                List.of("classifier.weight"),
                IntStream.range(0, 14).mapToObj(i -> "cls." + i).toList(),
                List.of(new LoadReport.Mismatch("e", new long[] {3, 2}, new long[] {4, 2})));
        assertThat(report.complete()).isFalse();
        assertThat(report.toString())
                .startsWith("2 tensors loaded, 1 newly initialised, 14 ignored, 1 of a wrong shape\n")
                .contains("  classifier.weight\n", "  cls.11\n  and 2 more\n")
                .endsWith("  e: [3, 2] in the file, [4, 2] in the model");
    }

    @Test
    void aCompleteLoadIsOneLine() {
        LoadReport report = new LoadReport(List.of("a"), List.of(), List.of(), List.of());
        assertThat(report.complete()).isTrue();
        assertThat(report).hasToString("1 tensors loaded, 0 newly initialised, 0 ignored, 0 of a wrong shape");
    }
}
