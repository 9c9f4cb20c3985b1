package dev.attune.job.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Each trial gets values of its own, whatever the others gave (Bergstra and Bengio 2012). The same seed gives the same values,
 * and the first so many trials of a longer search are those of a shorter one.
 */
record RandomSuggestions(long seed) implements Suggestions {
    @Override
    public Map<String, Object> suggest(Map<String, Space> space, int trial, List<Trial> before) {
        Map<String, Object> values = new LinkedHashMap<>();
        space.forEach((key, possible) -> values.put(key, possible.draw(random(seed, trial, key))));
        return values;
    }

    /** One for each key, so that another key in the space changes nothing of this one. */
    static SplittableRandom random(long seed, int trial, String key) {
        // The first number of a generator whose seed differs by one differs in every bit.
        long mixed = new SplittableRandom(seed).nextLong() + trial;
        for (int i = 0; i < key.length(); i++) mixed = new SplittableRandom(mixed).nextLong() + key.charAt(i);
        return new SplittableRandom(mixed);
    }
}
