package dev.attune.job.doctor;

import java.util.Locale;

/** Times and sizes in as few digits as an estimate deserves. */
final class Amounts {
    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};

    private Amounts() {}

    /** {@code 0.021 s}, {@code 48 s}, {@code 12 min}, {@code 3.4 h}. */
    static String seconds(double value) {
        if (value < 10) return String.format(Locale.ROOT, "%.2g s", value);
        if (value < 120) return String.format(Locale.ROOT, "%.0f s", value);
        if (value < 7200) return String.format(Locale.ROOT, "%.0f min", value / 60);
        return String.format(Locale.ROOT, "%.1f h", value / 3600);
    }

    /** {@code 512 MB}, {@code 3.1 GB}: powers of 1000. */
    static String bytes(long value) {
        double scaled = value;
        int unit = 0;
        while (unit < UNITS.length - 1 && scaled >= 999.5) {
            scaled /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit > 0 && scaled < 99.95 ? "%.1f %s" : "%.0f %s", scaled, UNITS[unit]);
    }
}
