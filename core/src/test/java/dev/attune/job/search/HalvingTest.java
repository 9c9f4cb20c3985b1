package dev.attune.job.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.job.search.Trial.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HalvingTest {
    private static Trial trial(Double... evaluations) {
        return new Trial(0, Map.of(), State.PRUNED, null, Arrays.asList(evaluations), 1, 1, null);
    }

    @Test
    void rungsAreAtPowersOfTheFactor() {
        Halving halving = new Halving(3, 2, true);
        List<Integer> rungs = new ArrayList<>();
        for (int i = 1; i < 200; i++) if (halving.isRung(i)) rungs.add(i);
        assertThat(rungs).containsExactly(2, 6, 18, 54, 162);
    }

    @Test
    void betweenRungsNobodyIsJudged() {
        Halving halving = new Halving(4, 2, true);
        List<Trial> better = List.of(trial(1.0, 1.0, 1.0));
        assertThat(halving.goesOn(List.of(0.1), better)).isTrue();
        assertThat(halving.goesOn(List.of(0.1, 0.1), better)).isFalse();
        assertThat(halving.goesOn(List.of(0.1, 2.0, 0.1), better)).isTrue();
    }

    /** Of eight at a rung with a factor of 4 the best two go on. */
    @Test
    void theBestShareGoesOn() {
        Halving halving = new Halving(4, 1, true);
        List<Trial> before = new ArrayList<>();
        for (double value : new double[] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7}) before.add(trial(value));
        assertThat(halving.goesOn(List.of(0.65), before)).isTrue();
        assertThat(halving.goesOn(List.of(0.6), before))
                .as("as good as the second")
                .isTrue();
        assertThat(halving.goesOn(List.of(0.55), before)).as("the third").isFalse();
        assertThat(new Halving(4, 1, false).goesOn(List.of(0.15), before)).isTrue();
        assertThat(new Halving(4, 1, false).goesOn(List.of(0.25), before)).isFalse();
        before.add(trial()); // one that never got there is not counted
        assertThat(halving.goesOn(List.of(0.65), before)).isTrue();
    }

    @Test
    void whileFewAreThereTheBestGoesOn() {
        Halving halving = new Halving(4, 1, true);
        assertThat(halving.goesOn(List.of(0.1), List.of())).isTrue();
        assertThat(halving.goesOn(List.of(0.2), List.of(trial(0.1)))).isTrue();
        assertThat(halving.goesOn(List.of(0.1), List.of(trial(0.2)))).isFalse();
    }

    @Test
    void whatIsNotANumberDoesNotGoOn() {
        Halving halving = new Halving(4, 1, false);
        assertThat(halving.goesOn(List.of(Double.NaN), List.of())).isFalse();
        assertThat(halving.goesOn(List.of(5.0), List.of(trial(Double.NaN)))).isTrue();
    }

    /** The paper's promise: about one in eta of many trials climbs each rung, and work is saved. */
    @Test
    void ofManyTrialsOneInEtaClimbs() {
        Halving halving = new Halving(4, 1, true);
        SplittableRandom random = new SplittableRandom(1);
        List<Trial> before = new ArrayList<>();
        int[] reached = new int[3];
        for (int i = 0; i < 2000; i++) {
            double quality = random.nextDouble();
            List<Double> evaluations = new ArrayList<>();
            do evaluations.add(quality + evaluations.size());
            while (evaluations.size() < 16 && halving.goesOn(evaluations, before));
            before.add(trial(evaluations.toArray(Double[]::new)));
            for (int rung = 0; rung < 3; rung++) if (evaluations.size() >= Math.pow(4, rung)) reached[rung]++;
        }
        assertThat(reached[0]).isEqualTo(2000);
        assertThat(reached[1]).isBetween(450, 570);
        assertThat(reached[2]).isBetween(100, 160);
    }
}
