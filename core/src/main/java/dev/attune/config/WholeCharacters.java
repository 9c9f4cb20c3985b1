package dev.attune.config;

import java.io.Reader;

/**
 * A text of which no read ends between the two halves of a character. SnakeYAML Engine 3.0.1 fails where its buffer of 1,025
 * units does: a recipe with an emoji there would be no YAML.
 */
final class WholeCharacters extends Reader {
    private final String text;
    private int position;

    WholeCharacters(String text) {
        this.text = text;
    }

    @Override
    public int read(char[] target, int offset, int length) {
        if (length == 0) return 0;
        if (position == text.length()) return -1;
        int end = Math.min(text.length(), position + length);
        boolean half = end < text.length() && Character.isSurrogatePair(text.charAt(end - 1), text.charAt(end));
        if (half && end - position > 1) end--;
        text.getChars(position, end, target, offset);
        int count = end - position;
        position = end;
        return count;
    }

    @Override
    public void close() {}
}
