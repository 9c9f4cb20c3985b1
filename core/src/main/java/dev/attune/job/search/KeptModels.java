package dev.attune.job.search;

import java.util.Locale;

/** Of which trials the weights stay. */
public enum KeptModels {
    BEST,
    ALL;

    /** The name in YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
