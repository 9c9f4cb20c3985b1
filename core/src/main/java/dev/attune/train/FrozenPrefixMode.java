package dev.attune.train;

import java.util.Locale;

/** What becomes of layers that are frozen, with nothing trained below them. */
public enum FrozenPrefixMode {
    /** They are computed in every step, as in the reference. */
    COMPUTE,
    /** They are computed once, without dropout, and kept. */
    CACHE;

    /** The name in YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
