package dev.attune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.checkpoint.StateDict;
import dev.attune.model.Golden;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** All schedules against the reference, by {@code parity/make_schedule_golden.py}. */
class ScheduleParityTest {
    private static final JsonNode GOLDEN = Golden.json(Golden.path("train/learning-rates.json"));
    private static final double RATE = GOLDEN.get("learning_rate").doubleValue();

    @Test
    void ratesOfEachStep() {
        Set<String> names = new HashSet<>();
        for (JsonNode each : GOLDEN.get("steps")) {
            names.add(each.get("name").stringValue());
            LearningRate rates =
                    rates(each, each.get("warmup").intValue(), each.get("total").intValue());
            JsonNode expected = each.get("rates");
            for (int step = 0; step < expected.size(); step++) {
                assertThat(rates.at(step))
                        .as("%s step %d", title(each), step)
                        .isCloseTo(expected.get(step).doubleValue(), within(1e-15));
            }
        }
        assertThat(names).containsExactlyInAnyOrderElementsOf(Schedule.NAMES);
    }

    @Test
    void ratesAfterEachEvaluation() {
        Set<String> names = new HashSet<>();
        for (JsonNode each : GOLDEN.get("metrics")) {
            names.add(each.get("name").stringValue());
            LearningRate rates = rates(each, 0, 1);
            assertThat(rates.at(0)).isEqualTo(RATE);
            Set<Double> different = new HashSet<>();
            for (int i = 0; i < each.get("metrics").size(); i++) {
                // A run that was interrupted after every evaluation.
                StateDict state = new StateDict();
                rates.save(state);
                rates = rates(each, 0, 1);
                rates.load(state);

                rates.evaluated(each.get("metrics").get(i).doubleValue());
                different.add(rates.at(i));
                assertThat(rates.at(i))
                        .as("%s evaluation %d", title(each), i + 1)
                        .isCloseTo(each.get("rates").get(i).doubleValue(), within(1e-15));
            }
            if (!each.get("arguments").isEmpty())
                assertThat(different).as(title(each)).hasSizeGreaterThan(1);
        }
        assertThat(names).containsExactlyInAnyOrder("reduce_lr_on_plateau", "greedy");
    }

    private static LearningRate rates(JsonNode golden, int warmup, int total) {
        String text = golden.get("arguments").toString();
        ScheduleArguments arguments = ScheduleArguments.builder().text(text).build();
        return LearningRate.of(golden.get("name").stringValue(), arguments, RATE, warmup, total);
    }

    private static String title(JsonNode golden) {
        List<String> words = new ArrayList<>(List.of(golden.get("name").stringValue()));
        words.add(golden.get("arguments").toString());
        if (golden.has("warmup")) words.add(golden.get("warmup") + " of " + golden.get("total"));
        return String.join(" ", words);
    }
}
