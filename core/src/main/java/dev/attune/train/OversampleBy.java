package dev.attune.train;

import java.util.Locale;

/** How small classes are made larger. */
public enum OversampleBy {
    /** As many draws as there are rows, with replacement: torch's WeightedRandomSampler. */
    SAMPLING,
    /** All rows, and those of small classes several times: a longer epoch. */
    DUPLICATION;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
