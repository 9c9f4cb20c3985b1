package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
    @Test
    void isTheGeneratorOfTheJdk() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 100; i++) {
            // The JDK's adds the golden number before each mix, and mix adds it once more.
            assertThat(SplitMix64.at(42 - 0x9e3779b97f4a7c15L, i)).isEqualTo(random.nextLong());
        }
    }

    @Test
    void uniformIsBelowOne() {
        double sum = 0;
        for (int i = 0; i < 10_000; i++) {
            double value = SplitMix64.uniform(7, i);
            assertThat(value).isBetween(0.0, Math.nextDown(1.0));
            sum += value;
        }
        assertThat(sum / 10_000).isBetween(0.48, 0.52);
    }

    @Test
    void anExampleHasAStreamInEachEpochOfEachSeed() {
        assertThat(java.util.stream.LongStream.range(0, 1000)
                        .map(i -> SplitMix64.ofExample(i % 10, (int) (i / 10 % 10), (int) (i / 100)))
                        .distinct())
                .hasSize(1000);
    }
}
