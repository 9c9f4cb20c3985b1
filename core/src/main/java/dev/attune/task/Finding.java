package dev.attune.task;

/** One line of what {@code attune check} found in the data. */
public record Finding(Level level, String text) {
    /** How much the line matters. */
    public enum Level {
        /** Begins a section. */
        HEADING,
        /** A fact. */
        INFO,
        /** Something that will probably harm the model or its numbers. */
        WARNING
    }
}
