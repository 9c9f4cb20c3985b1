package dev.attune.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A linear axis with round ticks: from a range of values to places in a picture. */
record Axis(double low, double high, double tick, double start, double end) {
    /** An axis from {@code low} to {@code high}, widened to whole ticks. */
    static Axis over(double low, double high, int ticks, double start, double end) {
        if (high - low <= Math.abs(high) * 1e-9) {
            double margin = high == 0 ? 1 : Math.abs(high) / 2;
            low -= margin;
            high += margin;
        }
        double tick = round((high - low) / ticks);
        return new Axis(Math.floor(low / tick) * tick, Math.ceil(high / tick) * tick, tick, start, end);
    }

    /** An axis of whole steps from 0 that ends at the last step, not at the next tick. */
    static Axis steps(long last, double start, double end) {
        double tick = Math.max(1, round(Math.max(1, last) / 8.0));
        return new Axis(0, Math.max(1, last), tick, start, end);
    }

    /** 1, 2 or 5 times a power of ten, not below {@code raw}. */
    private static double round(double raw) {
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        for (int factor : new int[] {1, 2, 5}) if (factor * power >= raw * (1 - 1e-9)) return factor * power;
        return 10 * power;
    }

    double at(double value) {
        return start + (value - low) / (high - low) * (end - start);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; low + i * tick <= high + tick * 1e-6; i++) ticks.add(low + i * tick);
        return ticks;
    }

    String label(double value) {
        if (tick >= 1 && Math.abs(value) < 1e15) return String.format(Locale.ROOT, "%.0f", value + 0.0);
        int digits = (int) Math.ceil(-Math.log10(tick) - 1e-9);
        if (digits > 6) return String.format(Locale.ROOT, "%.1e", value);
        double clean = Math.abs(value) < tick / 1e6 ? 0 : value; // no "-0.0"
        return String.format(Locale.ROOT, "%." + Math.max(0, digits) + "f", clean);
    }
}
