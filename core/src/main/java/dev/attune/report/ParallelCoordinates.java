package dev.attune.report;

import dev.attune.report.Svg.Anchor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Lines across upright axes, one axis for each value that was tried and a last one for what came out of it: where the good lines
 * meet, the good values are. Good ones are dark and drawn last, the best one is thick; what came to no end is pale, below all.
 */
public final class ParallelCoordinates {
    private static final double HEIGHT = 420, LEFT = 70, RIGHT = 70, TOP = 84, BOTTOM = 40, GAP = 150;
    private static final String BEST = "#c43e08";

    /**
     * One axis.
     *
     * @param name above it
     * @param low value at its foot
     * @param high value at its top
     * @param logarithmic whether a factor has the same length everywhere
     * @param labels of places that are evenly apart, from the foot up; empty for numbers
     */
    public record Coordinate(String name, double low, double high, boolean logarithmic, List<String> labels) {}

    /**
     * One line.
     *
     * @param values by axis; NaN where it has none, and ends
     * @param quality from 0 for the worst to 1 for the best; NaN for what cannot be compared
     */
    public record Line(List<Double> values, double quality, String hover) {}

    private final String title;
    private final List<Coordinate> axes;
    private final List<Line> lines;
    private final double width;

    public ParallelCoordinates(String title, List<Coordinate> axes, List<Line> lines) {
        this.title = title;
        this.axes = List.copyOf(axes);
        this.lines = List.copyOf(lines);
        this.width = LEFT + RIGHT + GAP * Math.max(1, axes.size() - 1);
    }

    /** The picture as an SVG document; without any line, one that says so. */
    public String svg() {
        Svg svg = new Svg(Math.max(420, width), HEIGHT, title);
        svg.text(16, 26, 16, Anchor.START, Svg.INK, LabelText.fit(title, 60));
        if (lines.isEmpty()) {
            svg.text(width / 2, HEIGHT / 2, 14, Anchor.MIDDLE, Svg.MUTED, "No trial has ended yet.");
            return svg.document();
        }
        List<Line> order = new ArrayList<>(lines);
        Collections.reverse(order); // of equals the first one is the best
        order.sort((a, b) -> Double.compare(rank(a), rank(b)));
        for (Line line : order) line(svg, line, line == order.get(order.size() - 1) && !Double.isNaN(line.quality()));
        for (int i = 0; i < axes.size(); i++) axis(svg, axes.get(i), x(i), i % 2 == 1);
        return svg.document();
    }

    private static double rank(Line line) {
        return Double.isNaN(line.quality()) ? -1 : line.quality();
    }

    private void line(Svg svg, Line line, boolean isBest) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < axes.size(); i++) {
            double value = line.values().get(i);
            if (Double.isNaN(value)) break;
            path.append(Svg.point(path.isEmpty(), x(i), y(axes.get(i), value)));
        }
        if (Double.isNaN(line.quality())) svg.path(path, Svg.MUTED, 1, 0.35);
        else svg.path(path, isBest ? BEST : shade(line.quality()), isBest ? 3 : 1.6, 0.85);
        for (int i = 0; i < axes.size(); i++) {
            double value = line.values().get(i);
            if (Double.isNaN(value)) break;
            String colour = Double.isNaN(line.quality()) ? Svg.MUTED : isBest ? BEST : shade(line.quality());
            svg.circle(x(i), y(axes.get(i), value), isBest ? 4 : 2.5, colour, "none", line.hover());
        }
    }

    /** From a pale grey to a dark blue. */
    private static String shade(double quality) {
        double q = Math.min(Math.max(quality, 0), 1);
        return String.format(
                Locale.ROOT,
                "#%02x%02x%02x",
                Math.round(200 - q * 174),
                Math.round(208 - q * 126),
                Math.round(216 - q * 64));
    }

    private double x(int axis) {
        return LEFT + axis * GAP;
    }

    private static double y(Coordinate axis, double value) {
        double low = axis.logarithmic() ? Math.log(axis.low()) : axis.low();
        double high = axis.logarithmic() ? Math.log(axis.high()) : axis.high();
        double at = axis.logarithmic() ? Math.log(value) : value;
        double share = high > low ? (at - low) / (high - low) : 0.5;
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
    }

    /** Names stand on two lines in turn, so that long ones do not run into each other. */
    private static void axis(Svg svg, Coordinate axis, double x, boolean isLower) {
        svg.line(x, TOP, x, HEIGHT - BOTTOM, Svg.MUTED, 1);
        svg.text(x, isLower ? 68 : 52, 11, Anchor.MIDDLE, Svg.INK, LabelText.fit(axis.name(), 34));
        List<String> labels = axis.labels();
        if (labels.isEmpty()) {
            svg.halo(x + 6, TOP + 4, 11, Anchor.START, Svg.MUTED, number(axis.high()));
            svg.halo(x + 6, HEIGHT - BOTTOM + 4, 11, Anchor.START, Svg.MUTED, number(axis.low()));
            return;
        }
        List<String> fitted = LabelText.fit(labels, 14);
        for (int i = 0; i < labels.size(); i++) {
            svg.halo(x + 6, y(axis, i) + 4, 11, Anchor.START, Svg.MUTED, fitted.get(i));
        }
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e6) return Long.toString((long) value);
        double few = new BigDecimal(value).round(new MathContext(4)).doubleValue();
        return Double.toString(few).replace(".0E", "E").replace('E', 'e');
    }
}
