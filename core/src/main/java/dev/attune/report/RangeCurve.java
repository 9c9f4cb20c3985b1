package dev.attune.report;

import dev.attune.report.Svg.Anchor;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The loss over a learning rate that rises by a factor from step to step, as an SVG picture: each step pale, the smoothed course dark, and
 * a mark at each of the two rates that it suggests. What bursts out of the picture ends at its top.
 *
 * @param rates of the steps, rising
 * @param losses of the steps
 * @param smoothed of the steps
 */
public record RangeCurve(
        List<Double> rates,
        List<Double> losses,
        List<Double> smoothed,
        @Nullable Double steepest,
        @Nullable Double tenthOfMinimum) {
    private static final double WIDTH = 820, HEIGHT = 420, LEFT = 68, RIGHT = 20, TOP = 62, BOTTOM = 50;
    private static final String LINE = "#2f6fb3";
    private static final String STEEPEST = "#c43e08";
    private static final String TENTH = "#1b7f4d";

    /** The picture as an SVG document; with less than two steps, one that says so. */
    public String svg() {
        Svg svg = new Svg(WIDTH, HEIGHT, "Learning-rate range test");
        svg.text(16, 26, 16, Anchor.START, Svg.INK, "Learning-rate range test");
        if (rates.size() < 2) {
            svg.text(WIDTH / 2, HEIGHT / 2, 14, Anchor.MIDDLE, Svg.MUTED, "There are too few steps for a curve.");
            return svg.document();
        }
        double low = Math.log10(rates.get(0));
        double high = Math.log10(rates.get(rates.size() - 1));
        double least = smoothed.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double most = smoothed.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        Axis y = Axis.over(least > 0 && least < most / 2 ? 0 : least, most, 5, HEIGHT - BOTTOM, TOP);
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), Svg.GRID, 1);
            svg.text(LEFT - 8, y.at(tick) + 4, 11, Anchor.END, Svg.MUTED, y.label(tick));
        }
        double floor = HEIGHT - BOTTOM;
        svg.line(LEFT, floor, WIDTH - RIGHT, floor, Svg.MUTED, 1);
        for (int power = (int) Math.ceil(low - 1e-9); power <= high + 1e-9; power++) {
            double x = x(power, low, high);
            svg.line(x, floor, x, floor + 5, Svg.MUTED, 1);
            svg.text(x, floor + 18, 11, Anchor.MIDDLE, Svg.MUTED, "1e" + power);
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, 12, Anchor.MIDDLE, Svg.MUTED, "learning rate");
        svg.turned(18, (TOP + floor) / 2, -90, 12, Anchor.MIDDLE, Svg.MUTED, "loss");
        svg.path(line(losses, y, low, high), LINE, 1, 0.35);
        svg.path(line(smoothed, y, low, high), LINE, 2.4, 1);
        mark(svg, steepest, low, high, STEEPEST, 46, "falls fastest");
        mark(svg, tenthOfMinimum, low, high, TENTH, 60, "a tenth of the least");
        return svg.document();
    }

    private static double x(double log, double low, double high) {
        return LEFT + (log - low) / (high - low) * (WIDTH - RIGHT - LEFT);
    }

    private StringBuilder line(List<Double> values, Axis y, double low, double high) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            double inside = Math.min(Math.max(values.get(i), y.low()), y.high());
            path.append(Svg.point(path.isEmpty(), x(Math.log10(rates.get(i)), low, high), y.at(inside)));
        }
        return path;
    }

    private static void mark(
            Svg svg, @Nullable Double rate, double low, double high, String colour, double top, String what) {
        if (rate == null) return;
        double x = Math.max(x(Math.log10(rate), low, high), LEFT);
        svg.line(x, top + 4, x, HEIGHT - BOTTOM, colour, 1.2);
        Anchor anchor = x > WIDTH - 180 ? Anchor.END : x < LEFT + 90 ? Anchor.START : Anchor.MIDDLE;
        svg.halo(
                x,
                top,
                11,
                anchor,
                colour,
                what + " " + String.format(Locale.ROOT, "%.1e", rate).replaceFirst("e([+-])0", "e$1"));
    }
}
