package dev.attune.io;

import java.util.Locale;

/**
 * Text that comes from data, as a terminal may show it: characters that steer the terminal instead of being shown (ESC and
 * the other control characters, overrides of the writing direction) become visible escapes such as {@code \x1b}. A label
 * in somebody's CSV file must not clear the screen, forge a line of output or hide half of itself.
 */
public final class TerminalText {
    private TerminalText() {}

    /** For a place within a line: line ends and tabs become escapes too. */
    public static String line(String text) {
        return escape(text, false);
    }

    /** For text that may have several lines, such as a report or an error message. */
    public static String block(String text) {
        return escape(text, true);
    }

    private static String escape(String text, boolean lines) {
        if (text.chars().noneMatch(c -> steers((char) c))) return text;
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean lineEnd = c == '\n' || (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n');
            if (!steers(c) || (lines && (lineEnd || c == '\t'))) {
                escaped.append(c);
            } else {
                escaped.append(
                        switch (c) {
                            case '\n' -> "\\n";
                            case '\r' -> "\\r";
                            case '\t' -> "\\t";
                            default -> String.format(Locale.ROOT, c < 0x100 ? "\\x%02x" : "\\u%04x", (int) c);
                        });
            }
        }
        return escaped.toString();
    }

    /** Whether a character makes a terminal do something, rather than being shown. */
    public static boolean steers(char c) {
        return Character.isISOControl(c)
                || (c >= 0x2028 && c <= 0x202E) // ends of lines and paragraphs, embeddings and overrides of direction
                || (c >= 0x2066 && c <= 0x2069); // isolates of direction
    }
}
