package dev.attune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    private static double[] factors(String name, int warmup, int total) {
        Schedule schedule = Schedule.named(name, warmup, total);
        double[] factors = new double[total + 1];
        for (int s = 0; s <= total; s++) factors[s] = schedule.factor(s);
        return factors;
    }

    @Test
    void linear() {
        double[] expected = {0, .5, 1, .875, .75, .625, .5, .375, .25, .125, 0};
        assertThat(factors("linear", 2, 10)).containsExactly(expected, within(1e-12));
    }

    @Test
    void cosine() {
        double[] expected = {0, .5, 1, .96194, .85355, .69134, .5, .30866, .14645, .03806, 0};
        assertThat(factors("cosine", 2, 10)).containsExactly(expected, within(5e-6));
    }

    @Test
    void constants() {
        assertThat(factors("constant", 2, 4)).containsExactly(1, 1, 1, 1, 1); // no warmup even if asked
        assertThat(factors("constant_with_warmup", 2, 4)).containsExactly(0, .5, 1, 1, 1);
    }

    @Test
    void withoutWarmupTheFirstStepIsFull() {
        for (String name : Schedule.NAMES) {
            // One that is a step ahead of the others has begun to fall.
            double first = name.equals("cosine_warmup_with_min_lr") ? 0.97 : 1;
            assertThat(complete(name, 0, 10).factor(0)).as(name).isBetween(first, 1.0);
        }
    }

    /** With the arguments that some of them cannot do without. */
    private static Schedule complete(String name, int warmup, int total) {
        ScheduleArguments arguments =
                ScheduleArguments.builder().minLrRate(0.1).numDecaySteps(4).build();
        return Schedule.named(name, arguments, 1, warmup, total);
    }

    @Test
    void neverNegativeNorNotANumber() {
        for (String name : Schedule.NAMES) {
            for (int[] c : new int[][] {{0, 1}, {1, 1}, {5, 5}, {9, 5}, {0, 0}}) {
                for (int s = 0; s < 12; s++) {
                    assertThat(complete(name, c[0], c[1]).factor(s))
                            .as("%s, step %d, %d of %d", name, s, c[0], c[1])
                            .isBetween(0.0, 1.0);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 100, 0",
        "0.1, 100, 10",
        "0.1, 101, 11",
        "0.06, 10, 1",
        "1, 100, 1",
        "500, 100, 500",
        "0.999, 10, 10"
    })
    void warmupStepsBelowOneAreAShareRoundedUp(double warmup, int total, int expected) {
        assertThat(Schedule.warmupSteps(warmup, total)).isEqualTo(expected);
    }

    @Test
    void anUnknownNameIsSuggestedTheNearest() {
        assertThatThrownBy(() -> Schedule.named("cosin", 0, 10))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("\"cosin\"")
                .hasMessageContaining("Did you mean \"cosine\"?")
                .hasMessageContaining("constant_with_warmup");
    }
}
