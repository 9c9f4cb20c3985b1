package dev.attune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.StateDict;
import org.junit.jupiter.api.Test;

class RateCurveTest {
    private static RateCurve until(RateCurve curve, long from, long to) {
        for (long step = from; step <= to; step++) curve.add(step, step < 100 ? step * 1e-5 : 1e-3);
        return curve;
    }

    @Test
    void aLongTrainingHasASmallPictureThatEndsAtItsLastStep() {
        String svg = until(new RateCurve(), 1, 100_001).svg();
        int points = svg.split("[ML]\\d").length - 1;
        assertThat(points).isBetween(400, 1001);
        assertThat(svg.length()).isLessThan(30_000);
        // The last point is at the right edge of the drawing, whether its step is kept or not.
        assertThat(until(new RateCurve(), 1, 100_001).svg()).containsPattern("L8[0-9.]+ [0-9.]+\" fill=\"none\"");
    }

    @Test
    void aRunThatGoesOnDrawsTheSame() {
        for (int broken : new int[] {1, 7, 999, 1000, 1001, 2500}) {
            StateDict state = new StateDict();
            until(new RateCurve(), 1, broken).save(state);
            RateCurve resumed = new RateCurve();
            until(resumed, 1, 3); // what another run had
            resumed.load(state);
            assertThat(until(resumed, broken + 1, 3000).svg())
                    .as("broken off at step " + broken)
                    .isEqualTo(until(new RateCurve(), 1, 3000).svg());
        }
    }

    @Test
    void oneStepAndNone() {
        RateCurve curve = new RateCurve();
        assertThat(curve.svg()).contains("No step was made.");
        curve.load(new StateDict()); // of a version that kept no rates
        curve.add(1, 0);
        assertThat(curve.svg()).contains("<circle").doesNotContain("NaN");
    }
}
