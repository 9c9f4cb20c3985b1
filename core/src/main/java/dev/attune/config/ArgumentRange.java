package dev.attune.config;

import java.util.Locale;

/** An interval of numbers, written {@code "(0, 1]"}: a round bracket leaves its end out. */
record ArgumentRange(double low, boolean lowIncluded, double high, boolean highIncluded) {
    static final ArgumentRange FINITE = parse("(-inf, inf)");

    static ArgumentRange parse(String text) {
        String[] ends = text.substring(1, text.length() - 1).split(",");
        return new ArgumentRange(end(ends[0]), text.charAt(0) == '[', end(ends[1]), text.endsWith("]"));
    }

    private static double end(String text) {
        String trimmed = text.trim();
        if (trimmed.equals("inf")) return Double.POSITIVE_INFINITY;
        return trimmed.equals("-inf") ? Double.NEGATIVE_INFINITY : Double.parseDouble(trimmed);
    }

    /** False for NaN, and for infinity unless an end includes it. */
    boolean contains(double value) {
        return (lowIncluded ? value >= low : value > low) && (highIncluded ? value <= high : value < high);
    }

    /** {@code "from 0 to 1"}, {@code "greater than 0"}; empty if every number is in. */
    String words() {
        boolean lowEnd = low != Double.NEGATIVE_INFINITY;
        boolean highEnd = high != Double.POSITIVE_INFINITY;
        if (lowEnd && highEnd && lowIncluded && highIncluded) return "from " + plain(low) + " to " + plain(high);
        String lower = lowEnd ? (lowIncluded ? "at least " : "greater than ") + plain(low) : "";
        String upper = highEnd ? (highIncluded ? "at most " : "less than ") + plain(high) : "";
        return lower.isEmpty() || upper.isEmpty() ? lower + upper : lower + " and " + upper;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : Double.toString(value);
    }
}
