package dev.attune.io;

import org.jspecify.annotations.Nullable;

/** Numbers as JSON has them. */
public final class JsonNumber {
    private JsonNumber() {}

    /** The number, or null for one that is not finite: JSON has no word for it. */
    public static @Nullable Double of(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
