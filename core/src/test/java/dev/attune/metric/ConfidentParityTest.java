package dev.attune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against cleanlab and the definition of the calibration error; made by {@code parity/make_confident_golden.py}. */
class ConfidentParityTest {
    static Stream<JsonNode> cases() {
        try (InputStream in = ConfidentParityTest.class.getResourceAsStream("confident.json")) {
            List<JsonNode> cases = new ArrayList<>();
            JsonMapper.shared().readTree(in).get("cases").forEach(cases::add);
            return cases.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void suspectsAreThoseOfCleanlabInItsOrder(JsonNode golden) {
        SuspectLabels suspects = new SuspectLabels(golden.get("classes").intValue());
        List<Integer> rows = new ArrayList<>(
                IntStream.range(0, golden.get("labels").size()).boxed().toList());
        long seed = System.nanoTime();
        Collections.shuffle(rows, new Random(seed)); // batches come in any order
        for (int row : rows) suspects.add(row, golden.get("labels").get(row).intValue(), probabilities(golden, row));
        for (int k = 0; k < golden.get("classes").intValue(); k++) {
            assertThat(suspects.threshold(k))
                    .isCloseTo(golden.get("thresholds").get(k).doubleValue(), within(1e-12));
        }
        List<Long> expected = new ArrayList<>();
        golden.get("suspects").forEach(row -> expected.add(row.longValue()));
        assertThat(suspects.suspects())
                .as("seed " + seed)
                .extracting(SuspectLabels.Suspect::place)
                .containsExactlyElementsOf(expected);
        assertThat(suspects.suspects()).hasSizeLessThan(golden.get("mistakes").intValue());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theCalibrationErrorIsThatOfItsDefinition(JsonNode golden) {
        Calibration calibration = new Calibration();
        for (int row = 0; row < golden.get("labels").size(); row++) {
            double[] p = probabilities(golden, row);
            int best = IntStream.range(0, p.length).reduce(0, (a, b) -> p[b] > p[a] ? b : a);
            calibration.add(p[best], best == golden.get("labels").get(row).intValue());
        }
        assertThat(calibration.expectedError())
                .isCloseTo(golden.get("calibration_error").doubleValue(), within(1e-12));
        for (int range = 0; range < Calibration.RANGES; range++) {
            JsonNode expected = golden.get("ranges").get(range);
            assertThat(calibration.count(range)).isEqualTo(expected.get("count").longValue());
            if (calibration.count(range) == 0) continue;
            assertThat(calibration.confidence(range))
                    .isCloseTo(expected.get("confidence").doubleValue(), within(1e-12));
            assertThat(calibration.accuracy(range))
                    .isCloseTo(expected.get("accuracy").doubleValue(), within(1e-12));
        }
    }

    private static double[] probabilities(JsonNode golden, int row) {
        JsonNode list = golden.get("probabilities").get(row);
        return IntStream.range(0, list.size())
                .mapToDouble(k -> list.get(k).doubleValue())
                .toArray();
    }
}
