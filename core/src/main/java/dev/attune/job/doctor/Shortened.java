package dev.attune.job.doctor;

/** Texts on one line, of which a reader sees beginning and end. */
final class Shortened {
    private static final String GAP = " … ";

    private Shortened() {}

    /** At most so many code points; a text that has more loses its middle. */
    static String of(String text, int width) {
        int far = 4 * width; // what is beyond it need not be looked at
        String near =
                text.length() <= 3 * far ? text : text.substring(0, far) + GAP + text.substring(text.length() - far);
        String line = near.replaceAll("\\s+", " ").strip();
        int length = line.codePointCount(0, line.length());
        if (length <= width) return line;
        int begin = (width - GAP.length()) * 2 / 3;
        int end = width - GAP.length() - begin;
        return line.substring(0, line.offsetByCodePoints(0, begin)).stripTrailing()
                + GAP
                + line.substring(line.offsetByCodePoints(line.length(), -end)).stripLeading();
    }
}
