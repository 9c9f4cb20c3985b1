package dev.attune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.task.Artifact;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTextTest {
    @Test
    void anEmptyCellIsEmpty() {
        Artifact table = new Artifact.Table(
                "mistakes",
                "Mistakes",
                List.of("label", "text"),
                List.of(Arrays.asList("a", ""), Arrays.asList("b", null), Arrays.asList("c", "two\nlines")),
                true);
        assertThat(ReportText.of(List.of(table))).isEqualTo("""
                Mistakes

                label  text
                a
                b
                c      two lines
                """);
    }
}
