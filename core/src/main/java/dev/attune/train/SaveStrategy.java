package dev.attune.train;

import java.util.Locale;

/** When to save a checkpoint. */
public enum SaveStrategy {
    NO,
    STEPS,
    EPOCH,
    BEST;

    /** The name in YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
