package dev.attune.job.doctor;

/** Texts on one line, of which a reader sees beginning and end. */
final class Shortened {
    private Shortened() {}

    /** At most so many code points; a text that has more loses its middle. */
    static String of(String text, int width) {
        // What is far beyond the width need not be looked at.
        String head = text.length() > 8 * width ? head(text, 4 * width) + tail(text, 4 * width) : text;
        String line = head.replaceAll("\\s+", " ").strip();
        int length = line.codePointCount(0, line.length());
        if (length <= width && head.length() == text.length()) return line;
        int left = (width - 3) * 2 / 3;
        int right = Math.min(length - left, width - 3 - left);
        return line.substring(0, line.offsetByCodePoints(0, left)) + " … "
                + line.substring(line.offsetByCodePoints(line.length(), -right));
    }

    private static String head(String text, int units) {
        return text.substring(0, units);
    }

    private static String tail(String text, int units) {
        return text.substring(text.length() - units);
    }
}
