package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.task.TextClassificationPipeline.Prediction;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonOutputTest {
    @Test
    void predictionHasTheFieldsOfThePipeline() {
        assertThat(PredictCommand.json(new Prediction("POSITIVE", 0.98)))
                .isEqualTo("{\"label\":\"POSITIVE\",\"score\":0.98}");
        assertThat(PredictCommand.json(new Prediction("a \"b\"\né", 1)))
                .isEqualTo("{\"label\":\"a \\\"b\\\"\\né\",\"score\":1.0}");
    }

    @Test
    void metricsKeepOrderAndCountsAreWhole() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("eval_loss", 0.5);
        metrics.put("eval_accuracy", 1.0);
        metrics.put("eval_pearson", Double.NaN);
        metrics.put("eval_samples", 10.0);
        assertThat(JsonLine.of(Metrics.numbers(metrics)))
                .isEqualTo("{\"eval_loss\":0.5,\"eval_accuracy\":1.0,\"eval_pearson\":null,\"eval_samples\":10}");
    }
}
