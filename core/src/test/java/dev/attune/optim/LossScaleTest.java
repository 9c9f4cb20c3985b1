package dev.attune.optim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.StateDict;
import dev.attune.model.Golden;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The scale of 21,000 steps against torch's {@code GradScaler}. Made by {@code parity/make_precision_golden.py}. */
class LossScaleTest {
    private static final JsonNode GOLDEN = Golden.json(Golden.path("optim/loss-scale.json"));

    private static Set<Integer> infinite() {
        Set<Integer> steps = new HashSet<>();
        GOLDEN.get("infinite").forEach(step -> steps.add(step.intValue()));
        return steps;
    }

    @Test
    void changesAsTheReferenceDoes() {
        Set<Integer> infinite = infinite();
        List<String> changes = new ArrayList<>();
        List<String> states = new ArrayList<>();
        LossScale scale = new LossScale();
        int steps = GOLDEN.get("steps").intValue();
        for (int step = 1; step <= steps; step++) {
            double before = scale.scale();
            scale.update(infinite.contains(step));
            if (scale.scale() != before) changes.add(step + " " + scale.scale());
            if (step % 3000 == 0) states.add(step + " " + scale.scale() + " " + scale.good());
        }
        assertThat(changes).isEqualTo(rows("changes")).hasSizeGreaterThan(40);
        assertThat(states).isEqualTo(rows("states"));
        assertThat(scale.skipped()).isEqualTo(infinite.size());
        assertThat(steps - scale.skipped()).isEqualTo(GOLDEN.get("made").intValue());
    }

    private static List<String> rows(String name) {
        List<String> rows = new ArrayList<>();
        for (JsonNode row : GOLDEN.get(name)) {
            String text = row.get(0).intValue() + " " + row.get(1).doubleValue();
            rows.add(row.size() < 3 ? text : text + " " + row.get(2).intValue());
        }
        return rows;
    }

    @Test
    void goesOnFromWhatWasSaved() {
        Set<Integer> infinite = infinite();
        LossScale whole = new LossScale();
        LossScale resumed = new LossScale();
        for (int step = 1; step <= 9000; step++) {
            whole.update(infinite.contains(step));
            resumed.update(infinite.contains(step));
            if (step % 1700 == 0) {
                StateDict state = new StateDict();
                resumed.save(state.part("loss_scale"));
                resumed = new LossScale();
                resumed.load(state.part("loss_scale"));
            }
            assertThat(resumed.scale()).as("step %d", step).isEqualTo(whole.scale());
        }
        assertThat(resumed.good()).isEqualTo(whole.good());
        assertThat(resumed.skipped()).isEqualTo(whole.skipped()).isPositive();
    }

    @Test
    void theFloorIsWhereNothingIsMadeLarger() {
        LossScale scale = new LossScale();
        for (int halvings = 0; halvings < 16; halvings++) {
            assertThat(scale.isAtFloor()).isFalse();
            scale.update(true);
        }
        assertThat(scale.scale()).isEqualTo(1);
        assertThat(scale.isAtFloor()).isTrue();
    }
}
