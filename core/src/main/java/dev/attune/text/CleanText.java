package dev.attune.text;

/**
 * Text that every tokenizer can take. A Java string may hold half of a surrogate pair, which has no UTF-8 form, or NUL,
 * which C strings end at; both come from broken exports, and both are replaced one for one, so that offsets stay valid.
 */
public final class CleanText {
    private static final char REPLACEMENT = '\uFFFD';

    private CleanText() {}

    /** Whether {@link #clean} would return {@code text} unchanged. */
    public static boolean isClean(String text) {
        return firstDirty(text, 0) < 0;
    }

    /**
     * {@code text} with each lone surrogate and each NUL replaced by U+FFFD; the length in UTF-16 units is the same.
     */
    public static String clean(String text) {
        int at = firstDirty(text, 0);
        if (at < 0) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text);
        while (at >= 0) {
            clean.setCharAt(at, REPLACEMENT);
            at = firstDirty(text, at + 1);
        }
        return clean.toString();
    }

    private static int firstDirty(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return i;
            }
            if (Character.isSurrogate(c)) {
                boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
                if (!pair) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
