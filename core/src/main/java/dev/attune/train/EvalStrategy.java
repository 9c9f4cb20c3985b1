package dev.attune.train;

import java.util.Locale;

/** When to evaluate. */
public enum EvalStrategy {
    NO,
    STEPS,
    EPOCH;

    /** The name in YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
