package dev.attune.job;

import java.util.Locale;

/** What to do where a run that goes on is said to have other values than before. */
public enum OnChange {
    REFUSE,
    KEEP,
    APPLY;

    /** The name in YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
