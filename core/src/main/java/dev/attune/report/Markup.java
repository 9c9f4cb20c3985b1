package dev.attune.report;

import dev.attune.io.TerminalText;

/** Text of strangers inside XML and HTML. */
final class Markup {
    private Markup() {}

    /**
     * Markup is escaped, so that the text is fit for elements and for quoted attributes. What XML 1.0 forbids (most control
     * characters, lone surrogates), what steers instead of being shown and overrides of the writing direction become U+FFFD: a
     * label must not hide half of itself.
     */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isShown(c) ? c : 0xFFFD);
            }
        });
        return out.toString();
    }

    private static boolean isShown(int c) {
        if (c == '\t' || c == '\n' || c == '\r') return true;
        boolean steers = c < 0x10000 && TerminalText.steers((char) c);
        boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
        return !steers && !surrogate && (c & 0xFFFE) != 0xFFFE; // the last two of each plane are no characters
    }
}
