package dev.attune.train;

import java.util.Locale;

/** How the learning rate changes. */
public enum SchedulerType {
    LINEAR,
    CONSTANT,
    CONSTANT_WITH_WARMUP,
    COSINE;

    /** The name in YAML, for instance {@code constant_with_warmup}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
