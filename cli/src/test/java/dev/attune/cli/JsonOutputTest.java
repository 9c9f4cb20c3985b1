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
