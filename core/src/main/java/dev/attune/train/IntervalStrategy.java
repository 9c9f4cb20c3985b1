package dev.attune.train;

import java.util.Locale;

/** When to evaluate, and when to log. */
public enum IntervalStrategy {
    NO,
    STEPS,
    EPOCH;

    /** The name in YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
