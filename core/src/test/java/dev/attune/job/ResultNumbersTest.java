package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultNumbersTest {
    @Test
    void countsAreWholeNumbers() {
        assertThat(ResultNumbers.of(Map.of("eval_samples", 12.0))).containsEntry("eval_samples", 12L);
        assertThat(ResultNumbers.of(Map.of("eval_total", 12.0))).containsEntry("eval_total", 12L);
        assertThat(ResultNumbers.of(Map.of("test_NoAns_total", 4.0))).containsEntry("test_NoAns_total", 4L);
    }

    @Test
    void whatATaskMeasuresIsANumberOfItsOwn() {
        assertThat(ResultNumbers.of(Map.of("eval_f1", 1.0))).containsEntry("eval_f1", 1.0);
        assertThat(ResultNumbers.of(Map.of("eval_best_f1_thresh", 2.0))).containsEntry("eval_best_f1_thresh", 2.0);
    }

    @Test
    void jsonHasNoNotANumber() {
        assertThat(ResultNumbers.of(Map.of("eval_loss", Double.NaN))).containsEntry("eval_loss", null);
    }

    @Test
    void countsAreNoQuality() {
        assertThat(ResultNumbers.isQuality("eval_HasAns_total")).isFalse();
        assertThat(ResultNumbers.isQuality("eval_HasAns_f1")).isTrue();
    }
}
