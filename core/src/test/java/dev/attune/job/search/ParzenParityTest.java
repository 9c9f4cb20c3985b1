package dev.attune.job.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.model.Golden;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Kernels and densities against those of Optuna ({@code parity/make_search_golden.py}). */
class ParzenParityTest {
    private static final JsonNode GOLDEN = Golden.json(Golden.path("job/search/parzen.json"));

    @Test
    void densitiesAreThoseOfTheReference() {
        int compared = 0;
        for (JsonNode each : GOLDEN.required("cases")) {
            Space space = SpaceText.parse(each.required("space").stringValue());
            List<Object> tried = values(space, each.required("tried"));
            List<Object> asked = values(space, each.required("asked"));
            ParzenEstimator made = ParzenEstimator.of(space, tried);
            ParzenEstimator prior = ParzenEstimator.of(space, List.of());
            for (int i = 0; i < asked.size(); i++) {
                Object value = asked.get(i);
                assertThat(made.logDensity(value) - prior.logDensity(value))
                        .as("%s after %d values, at %s", space, tried.size(), value)
                        .isCloseTo(each.required("gains").get(i).doubleValue(), within(1e-9));
                compared++;
            }
        }
        assertThat(compared).isEqualTo((4 * 9 + 6) * 8);
    }

    @Test
    void kernelsAreAsWideAsTheReferences() {
        int compared = 0;
        for (JsonNode each : GOLDEN.required("cases")) {
            if (!each.has("widths")) continue;
            NumberAxis axis =
                    NumberAxis.of(SpaceText.parse(each.required("space").stringValue()));
            double[] means = values(axis.space(), each.required("tried")).stream()
                    .mapToDouble(axis::at)
                    .toArray();
            double[] widths = NumberKernels.widths(means, axis.low(), axis.high());
            assertThat(widths).hasSize(each.required("widths").size());
            for (int i = 0; i < widths.length; i++, compared++) {
                assertThat(widths[i])
                        .as("%s, kernel %d of %d", axis.space(), i, widths.length)
                        .isCloseTo(
                                each.required("widths").get(i).doubleValue(),
                                within(1e-13 * (axis.high() - axis.low())));
            }
        }
        assertThat(compared).isGreaterThan(3 * 121);
    }

    @Test
    void asManyTrialsAreGoodAsInTheReference() {
        JsonNode good = GOLDEN.required("good");
        for (int trials = 10; trials < 300; trials++) {
            assertThat(ParzenSuggestions.good(trials))
                    .isEqualTo(good.get(trials - 10).intValue());
        }
    }

    private static List<Object> values(Space space, JsonNode stored) {
        List<Object> values = new ArrayList<>();
        for (JsonNode value : stored) {
            if (space instanceof Space.Choice choice) values.add(choice.values().get(value.intValue()));
            else if (space instanceof Space.IntRange) values.add(value.longValue());
            else values.add(value.doubleValue());
        }
        return values;
    }
}
