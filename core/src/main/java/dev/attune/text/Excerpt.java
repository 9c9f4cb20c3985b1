package dev.attune.text;

/** The beginning of a text, for a message or a table. */
public final class Excerpt {
    private Excerpt() {}

    /** At most so many code points, at least one; the last is {@code …} where something is left out. */
    public static String of(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, Math.max(0, most - 1))) + "…";
    }
}
