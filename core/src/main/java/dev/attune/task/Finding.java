package dev.attune.task;

import java.util.Locale;

/** One line of what {@code attune check} found in the data. */
public record Finding(Level level, String text) {
    /** A line in the format of {@link String#format}. */
    public static Finding of(Level level, String format, Object... values) {
        return new Finding(level, String.format(Locale.ROOT, format, values));
    }

    /** How much the line matters. */
    public enum Level {
        /** Begins a section. */
        HEADING,
        /** A fact. */
        INFO,
        /** Something that will probably harm the model or its numbers. */
        WARNING,
        /** Something that a training refuses. */
        ERROR
    }
}
