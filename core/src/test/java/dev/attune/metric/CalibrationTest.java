package dev.attune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CalibrationTest {
    @Test
    void endsBelongToTheRangeBelow() {
        Calibration calibration = new Calibration();
        for (double confidence : new double[] {0, 0.1, 0.5, 0.51, 1}) calibration.add(confidence, true);
        assertThat(calibration.count(0)).isEqualTo(2);
        assertThat(calibration.count(4)).isEqualTo(1);
        assertThat(calibration.count(5)).isEqualTo(1);
        assertThat(calibration.count(9)).isEqualTo(1);
        assertThat(calibration.total()).isEqualTo(5);
    }

    @Test
    void aModelThatIsRightAsOftenAsItSaysHasNoError() {
        Calibration calibration = new Calibration();
        for (int i = 0; i < 4; i++) calibration.add(0.75, i < 3);
        assertThat(calibration.expectedError()).isZero();
        for (int i = 0; i < 4; i++) calibration.add(0.95, false);
        assertThat(calibration.expectedError()).isCloseTo(0.95 / 2, within(1e-12));
        assertThat(calibration.confidence(9)).isCloseTo(0.95, within(1e-12));
        assertThat(calibration.accuracy(9)).isZero();
    }

    @Test
    void whatIsNoNumberCountsNowhere() {
        Calibration calibration = new Calibration();
        calibration.add(Double.NaN, true);
        assertThat(calibration.total()).isZero();
        assertThat(calibration.expectedError()).isNaN();
    }
}
