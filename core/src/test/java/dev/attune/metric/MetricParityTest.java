package dev.attune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.report.ClassificationReport;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Every metric gives scikit-learn's (SciPy's) number. */
class MetricParityTest {
    @TestFactory
    Stream<DynamicTest> classification() {
        return each("classification", golden -> new ClassificationMetrics(Golden.confusion(golden)));
    }

    @TestFactory
    Stream<DynamicTest> reportTextIsSklearns() {
        return Golden.cases("classification").stream()
                .filter(golden -> !golden.get("report").isNull())
                .map(golden -> DynamicTest.dynamicTest(golden.get("name").asString(), () -> {
                    var names = golden.get("names")
                            .valueStream()
                            .map(JsonNode::asString)
                            .toList();
                    String text = new ClassificationReport(Golden.confusion(golden), names).text();
                    assertThat(text).startsWith(golden.get("report").asString());
                }));
    }

    @TestFactory
    Stream<DynamicTest> multilabel() {
        return each("multilabel", golden -> {
            var metrics = new MultiLabelMetrics(golden.get("labels").asInt());
            metrics.add(Golden.floats(golden.get("targets")), Golden.floats(golden.get("logits")));
            return metrics;
        });
    }

    @TestFactory
    Stream<DynamicTest> regression() {
        return each("regression", golden -> {
            var metrics = new RegressionMetrics();
            JsonNode targets = golden.get("targets"), predicted = golden.get("predicted");
            for (int i = 0; i < targets.size(); i++) {
                metrics.add(targets.get(i).asDouble(), predicted.get(i).asDouble());
            }
            return metrics;
        });
    }

    private static Stream<DynamicTest> each(String kind, java.util.function.Function<JsonNode, Metric> make) {
        return Golden.cases(kind).stream()
                .map(golden -> DynamicTest.dynamicTest(golden.get("name").asString(), () -> {
                    Map<String, Double> values = make.apply(golden).compute();
                    JsonNode expected = golden.get("expected");
                    assertThat(values.keySet()).containsExactlyElementsOf(expected.propertyNames());
                    expected.properties().forEach(entry -> {
                        double value = values.get(entry.getKey());
                        if (entry.getValue().isNull()) {
                            assertThat(value).as(entry.getKey()).isNaN();
                        } else {
                            double wanted = entry.getValue().asDouble();
                            // Relative to the size of the number; 1e-12 leaves room for another order of summing only.
                            assertThat(value)
                                    .as(entry.getKey())
                                    .isCloseTo(wanted, within(1e-12 * Math.max(1, Math.abs(wanted))));
                        }
                    });
                }));
    }
}
