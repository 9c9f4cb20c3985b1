package dev.attune.train;

import java.util.Locale;

/** In which order training examples are seen. */
public enum SamplingStrategy {
    RANDOM,
    SEQUENTIAL,
    GROUP_BY_LENGTH;

    /** The name in YAML, for instance {@code group_by_length}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
