package dev.attune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * Text is measured as rouge_score, sacrebleu and rapidfuzz measure it, in several scripts; {@code
 * parity/make_text_metric_golden.py} made the numbers.
 */
class TextMetricParityTest {
    /** Leaves room for another order of summing only; the numbers are up to 100. */
    private static final double TOLERANCE = 1e-11;

    private static final Map<String, Supplier<TextMetric>> TRANSLATION = Map.of(
            "bleu", () -> new Bleu(BleuTokenizer.V13A),
            "bleu char", () -> new Bleu(BleuTokenizer.CHAR),
            "bleu none", () -> new Bleu(BleuTokenizer.NONE),
            "chrf", Chrf::characters,
            "chrf++", Chrf::withWords);

    @TestFactory
    Stream<DynamicTest> translation() {
        return each(golden -> golden.get("translation").properties().forEach(entry -> {
            TextMetric metric = TRANSLATION.get(entry.getKey()).get();
            addAll(metric, golden);
            assertThat(onlyValue(metric))
                    .as(entry.getKey())
                    .isCloseTo(entry.getValue().asDouble(), within(TOLERANCE));
        }));
    }

    /** What is averaged out over many rows shows in single ones. */
    @TestFactory
    Stream<DynamicTest> translationOfSingleRows() {
        return each(golden -> golden.get("rows").properties().forEach(entry -> {
            List<Double> values = new ArrayList<>();
            for (int i = 0; i < golden.get("predictions").size(); i++) {
                TextMetric metric = TRANSLATION.get(entry.getKey()).get();
                metric.add(text(golden, "predictions", i), text(golden, "references", i));
                values.add(onlyValue(metric));
            }
            for (int i = 0; i < values.size(); i++) {
                assertThat(values.get(i))
                        .as("%s of \"%s\"", entry.getKey(), text(golden, "predictions", i))
                        .isCloseTo(entry.getValue().get(i).asDouble(), within(1e-9)); // the file has nine digits
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> severalReferences() {
        return Golden.cases("text.json", "multiple").stream()
                .map(golden -> DynamicTest.dynamicTest(
                        golden.get("name").asString(),
                        () -> golden.get("translation").properties().forEach(entry -> {
                            TextMetric metric = TRANSLATION.get(entry.getKey()).get();
                            for (int i = 0; i < golden.get("predictions").size(); i++) {
                                addAll(
                                        metric,
                                        text(golden, "predictions", i),
                                        golden.get("references").get(i));
                            }
                            assertThat(onlyValue(metric))
                                    .as(entry.getKey())
                                    .isCloseTo(entry.getValue().asDouble(), within(TOLERANCE));
                        })));
    }

    @TestFactory
    Stream<DynamicTest> rouge() {
        return each(golden -> {
            same(new Rouge(false), golden, golden.get("rouge"));
            same(new Rouge(true), golden, golden.get("stemmed"));
        });
    }

    @TestFactory
    Stream<DynamicTest> exactMatchAndErrorRates() {
        return each(golden -> {
            same(new ExactMatch(), golden, "exact_match");
            same(ErrorRate.characters(), golden, "cer");
            same(ErrorRate.words(), golden, "wer");
        });
    }

    @Test
    void stemsAreNltks() throws IOException {
        List<String> lines;
        try (InputStream in = TextMetricParityTest.class.getResourceAsStream("stems.txt")) {
            lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
        assertThat(lines).hasSizeGreaterThan(1500).allSatisfy(line -> {
            String[] words = line.split(" ");
            assertThat(PorterStemmer.stem(words[0])).as(words[0]).isEqualTo(words[1]);
        });
    }

    private interface Check {
        void of(JsonNode golden);
    }

    private static Stream<DynamicTest> each(Check check) {
        return Golden.cases("text.json", "cases").stream()
                .map(golden -> DynamicTest.dynamicTest(golden.get("name").asString(), () -> check.of(golden)));
    }

    private static void same(TextMetric metric, JsonNode golden, JsonNode expected) {
        addAll(metric, golden);
        Map<String, Double> values = metric.compute();
        assertThat(values.keySet()).containsExactlyElementsOf(expected.propertyNames());
        values.forEach((name, value) ->
                assertThat(value).as(name).isCloseTo(expected.get(name).asDouble(), within(TOLERANCE)));
    }

    private static void same(TextMetric metric, JsonNode golden, String name) {
        addAll(metric, golden);
        assertThat(metric.compute()).containsOnlyKeys(name);
        JsonNode expected = golden.get(name);
        if (expected.isNull()) {
            assertThat(onlyValue(metric)).as(name).isNaN();
        } else {
            assertThat(onlyValue(metric)).as(name).isCloseTo(expected.asDouble(), within(TOLERANCE));
        }
    }

    private static void addAll(TextMetric metric, JsonNode golden) {
        for (int i = 0; i < golden.get("predictions").size(); i++) {
            metric.add(text(golden, "predictions", i), text(golden, "references", i));
        }
    }

    private static void addAll(TextMetric metric, String prediction, JsonNode references) {
        List<String> texts = references.valueStream().map(JsonNode::asString).toList();
        if (metric instanceof Bleu bleu) bleu.add(prediction, texts);
        else ((Chrf) metric).add(prediction, texts);
    }

    private static String text(JsonNode golden, String column, int row) {
        return golden.get(column).get(row).asString();
    }

    private static double onlyValue(TextMetric metric) {
        return metric.compute().values().iterator().next();
    }
}
