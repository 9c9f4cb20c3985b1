package dev.attune.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * Words as Python's {@code split()} finds them, which the metrics of the reference are built on. Java's own methods know other
 * blanks: {@code strip()} keeps a no-break space, {@code trim()} an ideographic one.
 */
public final class Words {
    private Words() {}

    /** What lies between blanks; none of an empty text. */
    public static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && !blank(text.charAt(i))) continue;
            if (i > start) words.add(text.substring(start, i));
            start = i + 1;
        }
        return words;
    }

    /** The text without blanks at both ends. */
    static String trimmed(String text) {
        int start = 0;
        while (start < text.length() && blank(text.charAt(start))) start++;
        return trimmedEnd(text.substring(start));
    }

    /** The text without blanks at its end. */
    static String trimmedEnd(String text) {
        int end = text.length();
        while (end > 0 && blank(text.charAt(end - 1))) end--;
        return text.substring(0, end);
    }

    private static boolean blank(char c) {
        if (c <= ' ') return c >= '\t' && c <= '\r' || c >= 0x1c;
        if (c < 0x1680) return c == 0x85 || c == 0xa0;
        return c == 0x1680
                || c >= 0x2000 && c <= 0x200a
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000;
    }
}
