package dev.attune.job.search;

import java.util.List;
import java.util.Map;

/** Says which values a trial tries. Remembers nothing: the same question has the same answer. */
@FunctionalInterface
interface Suggestions {
    /**
     * @param space what each key may be
     * @param trial number of the trial, from 0
     * @param before the trials before it, all of which have ended
     * @return a value for each key, in the order of the space
     */
    Map<String, Object> suggest(Map<String, Space> space, int trial, List<Trial> before);

    /** @param greaterIsBetter whether more of a trial's metric is better */
    static Suggestions of(SearchAlgorithm algorithm, long seed, boolean greaterIsBetter) {
        return switch (algorithm) {
            case TPE -> new ParzenSuggestions(seed, greaterIsBetter);
            case RANDOM, ASHA -> new RandomSuggestions(seed);
        };
    }
}
