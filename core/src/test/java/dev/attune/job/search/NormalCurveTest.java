package dev.attune.job.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NormalCurveTest {
    /** Values of Python's math.erfc. */
    @Test
    void complementaryError() {
        double[][] table = {
            {0, 1},
            {0.5, 0.4795001221869535},
            {1, 0.15729920705028513},
            {1.9999, 0.004679802092970608},
            {2.0001, 0.0046756686958033394},
            {3, 2.2090496998585438e-05},
            {6, 2.1519736712498916e-17}
        };
        for (double[] each : table) {
            assertThat(NormalCurve.complementaryError(each[0])).isCloseTo(each[1], within(1e-11 * each[1]));
        }
    }

    @Test
    void massOfTails() {
        assertThat(NormalCurve.mass(-1, 1)).isCloseTo(0.6826894921370859, within(1e-14));
        assertThat(NormalCurve.mass(8, 9)).isCloseTo(6.22e-16, within(1e-18)).isEqualTo(NormalCurve.mass(-9, -8));
        assertThat(NormalCurve.mass(-40, 40)).isEqualTo(1);
    }
}
