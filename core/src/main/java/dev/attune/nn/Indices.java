package dev.attune.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which layers of a list are meant, as in Python: {@code 3}, {@code -1}, {@code :10}, {@code -2:}, {@code ::2}, {@code 0,2:4}. */
final class Indices {
    private static final Pattern NUMBER = Pattern.compile("\\s*([+-]?\\d{1,9})\\s*");
    private static final Pattern SLICE =
            Pattern.compile("\\s*([+-]?\\d{1,9})?\\s*:\\s*([+-]?\\d{1,9})?\\s*(?::\\s*([+-]?\\d{1,9})?\\s*)?");

    private final List<Part> parts;

    private Indices(List<Part> parts) {
        this.parts = parts;
    }

    private interface Part {
        boolean selects(int index, int size);
    }

    /**
     * @param text what stands between the brackets
     * @return null if it is no list of numbers and slices
     */
    static @Nullable Indices parse(String text) {
        List<Part> parts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Part parsed = part(part);
            if (parsed == null) return null;
            parts.add(parsed);
        }
        return new Indices(parts);
    }

    private static @Nullable Part part(String text) {
        Matcher number = NUMBER.matcher(text);
        if (number.matches()) {
            int wanted = Integer.parseInt(number.group(1));
            return (index, size) -> index == (wanted < 0 ? wanted + size : wanted);
        }
        Matcher slice = SLICE.matcher(text);
        if (!slice.matches()) return null;
        Integer from = integer(slice.group(1));
        Integer to = integer(slice.group(2));
        Integer by = integer(slice.group(3));
        int step = by == null ? 1 : by;
        if (step == 0) return null;
        return (index, size) -> selects(from, to, step, index, size);
    }

    private static @Nullable Integer integer(@Nullable String text) {
        return text == null ? null : (Integer) Integer.parseInt(text);
    }

    /** Python's slice: ends beyond the list are cut, negative ones count from its end, {@code to} is left out. */
    private static boolean selects(@Nullable Integer from, @Nullable Integer to, int step, int index, int size) {
        boolean up = step > 0;
        int low = up ? 0 : -1;
        int high = up ? size : size - 1;
        int start = from == null ? (up ? low : high) : cut(from, size, low, high);
        int end = to == null ? (up ? high : low) : cut(to, size, low, high);
        boolean within = up ? index >= start && index < end : index <= start && index > end;
        return within && (index - start) % step == 0;
    }

    private static int cut(int place, int size, int low, int high) {
        return Math.max(low, Math.min(high, place < 0 ? place + size : place));
    }

    /** Whether layer {@code index} of {@code size} is meant. */
    boolean selects(int index, int size) {
        return parts.stream().anyMatch(part -> part.selects(index, size));
    }
}
