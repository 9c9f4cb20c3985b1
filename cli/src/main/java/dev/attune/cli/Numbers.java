package dev.attune.cli;

import java.util.Locale;

/** Numbers in as few characters as a reader needs; always with a decimal point, whatever the locale. */
final class Numbers {
    private Numbers() {}

    /** {@code 950}, {@code 5.9k}, {@code 22.7M}. */
    static String si(double value) {
        return scaled(value, 1000, "", "k", "M", "G", "T");
    }

    /** {@code 512M}, {@code 3.1G}: binary units. */
    static String bytes(long value) {
        return scaled(value, 1024, "B", "K", "M", "G", "T");
    }

    private static String scaled(double value, int base, String... units) {
        int unit = 0;
        // 999.5 would be written as 1000.
        while (unit < units.length - 1 && Math.abs(value) >= base - 0.5) {
            value /= base;
            unit++;
        }
        boolean digits = unit > 0 && Math.abs(value) < 99.95;
        return String.format(Locale.ROOT, digits ? "%.1f%s" : "%.0f%s", value, units[unit]);
    }

    /** {@code 1.7e-5}; 0 is 0. */
    static String scientific(double value) {
        if (value == 0 || !Double.isFinite(value)) return plain(value);
        String[] parts = String.format(Locale.ROOT, "%.1e", value).split("e");
        return parts[0] + "e" + Integer.parseInt(parts[1]);
    }

    /** Three digits that matter: {@code 0.312}, {@code 0.0012}, {@code 12.3}. */
    static String loss(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.01 || size == 0 ? "%.3f" : "%.2e", value);
    }

    /** {@code 3}, {@code 2.5}. */
    static String plain(double value) {
        if (!Double.isFinite(value)) return Double.toString(value);
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.replaceFirst("\\.?0+$", "");
    }

    /** {@code 03:12}, {@code 1:03:12}, {@code --:--} while unknown. */
    static String time(double seconds) {
        if (!Double.isFinite(seconds) || seconds < 0) return "--:--";
        long total = Math.round(seconds);
        long hours = total / 3600;
        String rest = String.format(Locale.ROOT, "%02d:%02d", total / 60 % 60, total % 60);
        return hours == 0 ? rest : hours + ":" + rest;
    }
}
