package dev.attune.data.store;

/** What {@link String} does not tell about its UTF-8 form: how long it is, and that there is none. */
public final class Utf8 {
    private Utf8() {}

    /** Bytes of the text in UTF-8; -1 if it holds half a surrogate pair, which has no such form. */
    public static int length(String text) {
        int length = text.length();
        int bytes = length;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) continue;
            if (c < 0x800) {
                bytes++;
            } else if (!Character.isSurrogate(c)) {
                bytes += 2;
            } else {
                if (i + 1 == length || !Character.isSurrogatePair(c, text.charAt(i + 1))) return -1;
                bytes += 2; // two units, four bytes
                i++;
            }
        }
        return bytes;
    }

    /** Copies a text of ASCII characters. */
    @SuppressWarnings("deprecation") // drops high bytes, of which there are none; nothing else copies without garbage
    public static void ascii(String text, byte[] target, int at) {
        text.getBytes(0, text.length(), target, at);
    }
}
