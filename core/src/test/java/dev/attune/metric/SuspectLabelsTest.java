package dev.attune.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.metric.SuspectLabels.Suspect;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspectLabelsTest {
    /** Class 1 is never believed much, so 0.45 is enough for it; class 0 always is, so 0.7 is not. */
    @Test
    void aClassNeedsWhatItNeedsOnAverage() {
        SuspectLabels suspects = new SuspectLabels(3);
        suspects.add(0, 0, new double[] {0.95, 0.03, 0.02});
        suspects.add(1, 0, new double[] {0.93, 0.05, 0.02});
        suspects.add(2, 1, new double[] {0.30, 0.40, 0.30});
        suspects.add(3, 2, new double[] {0.70, 0.20, 0.10}); // below the threshold of 0, which is 0.94
        suspects.add(4, 2, new double[] {0.25, 0.45, 0.30});
        assertThat(suspects.suspects()).containsExactly(new Suspect(4, 2, 1, 0.30, 0.45));
    }

    /** The label reaches its threshold, and so does another class that is more probable: the paper counts it as wrong. */
    @Test
    void ofSeveralClassesTheMostProbableCounts() {
        SuspectLabels suspects = new SuspectLabels(2);
        suspects.add(0, 0, new double[] {0.6, 0.4});
        suspects.add(1, 1, new double[] {0.6, 0.4});
        suspects.add(2, 1, new double[] {0.7, 0.3});
        assertThat(suspects.threshold(1)).isEqualTo((0.4 + 0.3) / 2);
        assertThat(suspects.suspects()).extracting(Suspect::place).containsExactly(2L, 1L);
    }

    @Test
    void whatTheModelAnswersIsNoSuspectAndNeitherIsWhatIsNoNumber() {
        SuspectLabels suspects = new SuspectLabels(2);
        suspects.add(0, 0, new double[] {0.99, 0.01});
        suspects.add(1, 0, new double[] {0.51, 0.49}); // below the threshold of its label, but the answer
        suspects.add(2, 1, new double[] {0.52, 0.48});
        suspects.add(3, 1, new double[] {Double.NaN, Double.NaN});
        assertThat(suspects.threshold(1)).isEqualTo(0.48);
        assertThat(suspects.suspects()).isEqualTo(List.of());
    }

    @Test
    void aClassWithoutRowsIsNeverLikely() {
        SuspectLabels suspects = new SuspectLabels(2);
        suspects.add(0, 0, new double[] {0.1, 0.9});
        assertThat(suspects.threshold(1)).isInfinite();
        assertThat(suspects.suspects()).isEmpty();
    }
}
