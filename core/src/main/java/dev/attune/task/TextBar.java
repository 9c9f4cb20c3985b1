package dev.attune.task;

/** A bar of a histogram in letters. */
public final class TextBar {
    private static final int WIDTH = 30;

    private TextBar() {}

    /** A count beside the largest one, whose bar is the longest. */
    public static String of(long count, long most) {
        return "#".repeat((int) Math.ceil((double) WIDTH * count / Math.max(1, most)));
    }
}
