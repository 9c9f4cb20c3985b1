package dev.attune.job.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The tree-structured Parzen estimator (Bergstra et al. 2011), each key for itself, with the defaults of Optuna 5: the first 10 trials are
 * random; after that the trials are split into the best tenth (25 at most) and the others, {@link ParzenEstimator} makes a
 * density of each, and of 24 values drawn from that of the good ones the one is tried whose densities differ most.
 *
 * <p>A trial that failed tells where not to go: it is one of the others, as the worst. Optuna forgets it.
 */
record ParzenSuggestions(long seed, boolean greaterIsBetter) implements Suggestions {
    static final int RANDOM_TRIALS = 10;
    private static final int CANDIDATES = 24;
    private static final int MOST_GOOD = 25;

    @Override
    public Map<String, Object> suggest(Map<String, Space> space, int trial, List<Trial> before) {
        if (before.size() < RANDOM_TRIALS) return new RandomSuggestions(seed).suggest(space, trial, before);
        List<Trial> bestFirst = new ArrayList<>(before);
        bestFirst.sort(Trial.bestFirst(greaterIsBetter));
        int count = good(before.size());
        List<Trial> good = inOrder(bestFirst.subList(0, count));
        List<Trial> others = inOrder(bestFirst.subList(count, bestFirst.size()));
        Map<String, Object> values = new LinkedHashMap<>();
        space.forEach((key, possible) -> values.put(
                key,
                suggest(
                        ParzenEstimator.of(possible, values(key, good)),
                        ParzenEstimator.of(possible, values(key, others)),
                        RandomSuggestions.random(seed, trial, key))));
        return values;
    }

    /** How many of so many trials are the good ones. */
    static int good(int trials) {
        return Math.min(MOST_GOOD, (trials + 9) / 10);
    }

    private static Object suggest(ParzenEstimator good, ParzenEstimator others, SplittableRandom random) {
        Object best = good.sample(random);
        double most = good.logDensity(best) - others.logDensity(best);
        for (int i = 1; i < CANDIDATES; i++) {
            Object value = good.sample(random);
            double gain = good.logDensity(value) - others.logDensity(value);
            if (gain <= most) continue;
            best = value;
            most = gain;
        }
        return best;
    }

    private static List<Trial> inOrder(List<Trial> trials) {
        return trials.stream().sorted(Comparator.comparingInt(Trial::number)).toList();
    }

    private static List<Object> values(String key, List<Trial> trials) {
        return trials.stream().map(trial -> trial.parameters().get(key)).toList();
    }
}
