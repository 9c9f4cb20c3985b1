package dev.attune.job.search;

import java.util.Locale;

/** How a search goes on. */
public enum SearchAlgorithm {
    /** Values that do not depend on each other. */
    RANDOM,
    /** Values near those that were good: {@link ParzenSuggestions}. */
    TPE,
    /** Random values, and the end of trials that are not among the best: {@link Halving}. */
    ASHA;

    /** The name in YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
