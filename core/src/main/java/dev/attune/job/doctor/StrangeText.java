package dev.attune.job.doctor;

import java.util.Locale;

/** What may be wrong with a text, as far as its characters tell. */
enum StrangeText {
    EMPTY("have no text"),
    ONLY_SPACES("have a text of spaces only"),
    NOTHING_VISIBLE("have a text of which nothing can be seen"),
    CONTROL("have control characters in their text"),
    LONE_SURROGATE("have half a surrogate pair in their text, which becomes U+FFFD"),
    REPLACEMENT("have U+FFFD in their text: characters that an earlier conversion lost"),
    BYTE_ORDER_MARK("have a byte order mark (U+FEFF) in their text"),
    INVISIBLE("have invisible characters or overrides of the writing direction in their text"),
    MOJIBAKE("look like UTF-8 that was read as Latin-1"),
    VERY_LONG(String.format(Locale.ROOT, "have more than %,d characters", StrangeText.LONG));

    static final int LONG = 100_000;

    private final String what;

    StrangeText(String what) {
        this.what = what;
    }

    /** The name of the fact. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What rows do of which this is found: a part of a sentence. */
    String what() {
        return what;
    }

    boolean isIn(int set) {
        return (set & bit()) != 0;
    }

    private int bit() {
        return 1 << ordinal();
    }

    /** All that is strange about a text, one bit each; 0 for most texts. */
    static int of(String text) {
        if (text.isEmpty()) return EMPTY.bit();
        int found = text.length() > LONG ? VERY_LONG.bit() : 0;
        if (text.isBlank()) return found | ONLY_SPACES.bit();
        boolean seen = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c < 0x7F) {
                seen = true;
                continue;
            }
            found |= kind(text, i);
            boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
            if (pair) i++;
            seen |= pair || isVisible(c);
        }
        return seen ? found : found | NOTHING_VISIBLE.bit();
    }

    private static int kind(String text, int i) {
        char c = text.charAt(i);
        if (c == '\t' || c == '\n' || c == '\r' || c == ' ') return 0;
        if (Character.isISOControl(c)) return CONTROL.bit();
        char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
        if ((c == 'Ã' || c == 'Â') && next >= 0x80 && next < 0xC0) return MOJIBAKE.bit();
        if (c < 0x200B) return 0;
        if (Character.isSurrogate(c)) return Character.isSurrogatePair(c, next) ? 0 : LONE_SURROGATE.bit();
        if (c == 0xFFFD) return REPLACEMENT.bit();
        if (c == 0xFEFF) return BYTE_ORDER_MARK.bit();
        // Joiners (U+200C, U+200D) belong to the spelling of Persian and to emoji.
        boolean invisible = c == 0x200B
                || c == 0x2060
                || c >= 0x200E && c <= 0x200F
                || c >= 0x202A && c <= 0x202E
                || c >= 0x2066 && c <= 0x2069;
        return invisible ? INVISIBLE.bit() : 0;
    }

    private static boolean isVisible(char c) {
        return !Character.isWhitespace(c)
                && !Character.isSpaceChar(c)
                && !Character.isISOControl(c)
                && Character.getType(c) != Character.FORMAT;
    }
}
