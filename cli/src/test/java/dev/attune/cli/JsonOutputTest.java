package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.job.ResultNumbers;
import dev.attune.task.textclassification.TextAnswer;
import dev.attune.task.textclassification.TextAnswer.Prediction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonOutputTest {
    @Test
    void predictionHasTheFieldsOfThePipeline() {
        assertThat(json(false, new Prediction("POSITIVE", 0.98))).isEqualTo("{\"label\":\"POSITIVE\",\"score\":0.98}");
        assertThat(json(false, new Prediction("a \"b\"\né", 1)))
                .isEqualTo("{\"label\":\"a \\\"b\\\"\\né\",\"score\":1.0}");
        assertThat(json(true, new Prediction("a", 0.5), new Prediction("b", 0.25)))
                .isEqualTo("[{\"label\":\"a\",\"score\":0.5},{\"label\":\"b\",\"score\":0.25}]");
    }

    private static String json(boolean many, Prediction... labels) {
        return JsonLine.of(new TextAnswer(List.of(labels), new float[0], many).json());
    }

    /** A metric of the caller is a number, whatever it is called. */
    @Test
    void onlyTheReferencesNamesAreCounts() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("share_of_samples", 0.37);
        metrics.put("eval_share_of_samples", 0.37);
        metrics.put("train_samples", 10.0);
        assertThat(JsonLine.of(ResultNumbers.of(metrics)))
                .isEqualTo("{\"share_of_samples\":0.37,\"eval_share_of_samples\":0.37,\"train_samples\":10}");
        assertThat(Metrics.text("eval_share_of_samples", 0.37)).isEqualTo("0.3700");
        assertThat(ResultNumbers.isQuality("eval_share_of_samples")).isTrue();
        assertThat(ResultNumbers.isQuality("eval_words_per_second")).isTrue();
        assertThat(ResultNumbers.isQuality("eval_steps_per_second")).isFalse();
    }

    @Test
    void metricsKeepOrderAndCountsAreWhole() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("eval_loss", 0.5);
        metrics.put("eval_accuracy", 1.0);
        metrics.put("eval_pearson", Double.NaN);
        metrics.put("eval_samples", 10.0);
        assertThat(JsonLine.of(ResultNumbers.of(metrics)))
                .isEqualTo("{\"eval_loss\":0.5,\"eval_accuracy\":1.0,\"eval_pearson\":null,\"eval_samples\":10}");
    }
}
