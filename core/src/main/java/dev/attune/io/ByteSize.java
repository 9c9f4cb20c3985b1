package dev.attune.io;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write them. */
public final class ByteSize {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s*([KMGT]?)(?:I?B)?");

    private ByteSize() {}

    /** @param text {@code 10G}, {@code 500 MB}, {@code 1048576}; K, M, G and T are powers of 1024. Empty if it is no size */
    public static OptionalLong parse(String text) {
        Matcher size = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!size.matches()) return OptionalLong.empty();
        int shift = size.group(2).isEmpty() ? 0 : 10 * (1 + "KMGT".indexOf(size.group(2)));
        long number = Long.parseLong(size.group(1));
        return number <= Long.MAX_VALUE >> shift ? OptionalLong.of(number << shift) : OptionalLong.empty();
    }

    /** To one digit after the point: {@code 1.5 GB}. */
    public static String text(double bytes) {
        double rest = bytes;
        int unit = 0;
        while (Math.abs(rest) >= 1024 && unit < 4) {
            rest /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f bytes" : "%.1f " + "KMGT".charAt(unit - 1) + "B", rest);
    }
}
