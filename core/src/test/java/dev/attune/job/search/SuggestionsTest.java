package dev.attune.job.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.job.search.Trial.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
    private static final Map<String, Space> SPACE = new LinkedHashMap<>();

    static {
        SPACE.put("rate", Space.logUniform(1e-6, 1e-1));
        SPACE.put("decay", Space.uniform(0, 0.3));
        SPACE.put("epochs", Space.integers(1, 8));
        SPACE.put("batch", Space.choice(8, 16, 32, 64));
    }

    /** As of a training: best at 2e-4, 0.05, 3 epochs and batches of 16, and steeper for too high a rate than for too low a one. */
    private static double loss(Map<String, Object> values) {
        double rate = Math.log10((Double) values.get("rate")) - Math.log10(2e-4);
        double decay = (Double) values.get("decay") - 0.05;
        long epochs = (Long) values.get("epochs") - 3;
        double batch = values.get("batch").equals("16") ? 0 : 0.1;
        return (rate > 0 ? 1.5 : 0.5) * rate * rate + 4 * decay * decay + 0.02 * epochs * epochs + batch;
    }

    private static Trial ended(int number, Map<String, Object> values, double metric) {
        return new Trial(number, values, State.FINISHED, metric, List.of(metric), 1, 1, null);
    }

    private static double best(SearchAlgorithm algorithm, long seed, int trials) {
        Suggestions suggestions = Suggestions.of(algorithm, seed, false);
        List<Trial> before = new ArrayList<>();
        for (int i = 0; i < trials; i++) {
            Map<String, Object> values = suggestions.suggest(SPACE, i, before);
            before.add(ended(i, values, loss(values)));
        }
        return before.stream().mapToDouble(Trial::metric).min().orElseThrow();
    }

    @Test
    void tpeFindsBetterValuesThanChance() {
        int wins = 0;
        double tpe = 0;
        double random = 0;
        for (long seed = 0; seed < 30; seed++) {
            double one = best(SearchAlgorithm.TPE, seed, 60);
            double other = best(SearchAlgorithm.RANDOM, seed, 60);
            tpe += one / 30;
            random += other / 30;
            if (one < other) wins++;
        }
        assertThat(wins).as("of 30 seeds").isGreaterThanOrEqualTo(24);
        assertThat(tpe).as("mean loss").isLessThan(random / 2);
    }

    @Test
    void theBestOfTpeIsBetterWhereMoreIs() {
        Suggestions suggestions = Suggestions.of(SearchAlgorithm.TPE, 3, true);
        List<Trial> before = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Map<String, Object> values = suggestions.suggest(SPACE, i, before);
            before.add(ended(i, values, -loss(values)));
        }
        double found = before.stream().mapToDouble(Trial::metric).max().orElseThrow();
        assertThat(-found).isEqualTo(best(SearchAlgorithm.TPE, 3, 60));
    }

    @Test
    void theFirstTenOfTpeAreRandom() {
        List<Trial> before = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Map<String, Object> tpe =
                    Suggestions.of(SearchAlgorithm.TPE, 5, false).suggest(SPACE, i, before);
            Map<String, Object> random =
                    Suggestions.of(SearchAlgorithm.RANDOM, 5, false).suggest(SPACE, i, before);
            assertThat(tpe.equals(random)).as("trial %d", i).isEqualTo(i < 10);
            before.add(ended(i, tpe, loss(tpe)));
        }
    }

    @Test
    void aTrialThatFailedIsWhereNotToGo() {
        // All good trials have a low rate, all that failed a high one.
        List<Trial> before = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            double rate = i % 2 == 0 ? 1e-5 * (1 + i) : 1e-2 * (1 + i / 20.0);
            Map<String, Object> values = Map.of("rate", rate, "decay", 0.1, "epochs", 2L, "batch", "16");
            before.add(
                    i % 2 == 0
                            ? ended(i, values, 1 - i * 1e-3)
                            : new Trial(i, values, State.FAILED, null, List.of(), 1, 1, "diverged"));
        }
        for (int i = 30; i < 60; i++) {
            Map<String, Object> values =
                    Suggestions.of(SearchAlgorithm.TPE, i, false).suggest(SPACE, i, before);
            assertThat((Double) values.get("rate")).as("seed %d", i).isLessThan(5e-3);
        }
    }

    @Test
    void valuesDependOnSeedTrialAndKeyAlone() {
        for (SearchAlgorithm algorithm : SearchAlgorithm.values()) {
            Set<Object> rates = new HashSet<>();
            for (long seed = 0; seed < 20; seed++) {
                for (int trial = 0; trial < 20; trial++) {
                    Map<String, Object> values =
                            Suggestions.of(algorithm, seed, false).suggest(SPACE, trial, List.of());
                    Map<String, Space> fewer = Map.of("rate", SPACE.get("rate"));
                    assertThat(Suggestions.of(algorithm, seed, false).suggest(fewer, trial, List.of()))
                            .containsExactly(Map.entry("rate", values.get("rate")));
                    rates.add(values.get("rate"));
                }
            }
            assertThat(rates).as("%s of 400 are different", algorithm).hasSizeGreaterThan(390);
        }
    }

    @Test
    void randomValuesFillTheSpace() {
        int low = 0;
        int[] batches = new int[4];
        int[] epochs = new int[9];
        for (int trial = 0; trial < 4000; trial++) {
            Map<String, Object> values = new RandomSuggestions(11).suggest(SPACE, trial, List.of());
            double rate = (Double) values.get("rate");
            assertThat(rate).isBetween(1e-6, 1e-1);
            if (rate < Math.sqrt(1e-7)) low++;
            batches[List.of("8", "16", "32", "64").indexOf(values.get("batch"))]++;
            epochs[((Long) values.get("epochs")).intValue()]++;
        }
        // Five standard deviations of such counts.
        assertThat(low).as("below the middle of the logarithms").isBetween(2000 - 160, 2000 + 160);
        for (int count : batches) assertThat(count).isBetween(1000 - 140, 1000 + 140);
        assertThat(epochs[0]).isZero();
        for (int i = 1; i <= 8; i++) assertThat(epochs[i]).as("epochs %d", i).isBetween(500 - 105, 500 + 105);
    }
}
