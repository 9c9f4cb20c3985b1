package dev.attune.report;

import dev.attune.report.Svg.Anchor;
import dev.attune.task.Artifact;
import java.util.Arrays;
import java.util.Locale;

/** Pairs of numbers as an SVG picture, with the diagonal where both axes measure the same. */
final class PointsPicture {
    private static final double SIZE = 560, LEFT = 68, RIGHT = 20, TOP = 46, BOTTOM = 50;
    private static final String POINT = "#2f6fb3";
    private static final int MOST_POINTS = 2000;

    private final Artifact.Points points;

    PointsPicture(Artifact.Points points) {
        this.points = points;
    }

    String svg() {
        Svg svg = new Svg(SIZE, SIZE, points.title());
        svg.text(16, 26, 16, Anchor.START, Svg.INK, LabelText.fit(points.title(), 60));
        double[] xs = finite(points.x());
        double[] ys = finite(points.y());
        if (xs.length == 0 || ys.length == 0) {
            svg.text(SIZE / 2, SIZE / 2, 14, Anchor.MIDDLE, Svg.MUTED, "There is no point to show.");
            return svg.document();
        }
        double lowX = Arrays.stream(xs).min().orElseThrow();
        double highX = Arrays.stream(xs).max().orElseThrow();
        double lowY = Arrays.stream(ys).min().orElseThrow();
        double highY = Arrays.stream(ys).max().orElseThrow();
        if (points.diagonal()) {
            lowX = lowY = Math.min(lowX, lowY);
            highX = highY = Math.max(highX, highY);
        }
        Axis x = Axis.over(lowX, highX, 5, LEFT, SIZE - RIGHT);
        Axis y = Axis.over(lowY, highY, 5, SIZE - BOTTOM, TOP);
        axes(svg, x, y);
        if (points.diagonal()) svg.line(x.at(lowX), y.at(lowY), x.at(highX), y.at(highY), Svg.MUTED, 1);
        // A picture of a million points is black and heavy: every n-th tells as much.
        int step = Math.max(1, (points.x().length + MOST_POINTS - 1) / MOST_POINTS);
        for (int i = 0; i < points.x().length; i += step) {
            double px = points.x()[i];
            double py = points.y()[i];
            if (!Double.isFinite(px) || !Double.isFinite(py)) continue;
            String hover = String.format(Locale.ROOT, "%s %.4g, %s %.4g", points.xAxis(), px, points.yAxis(), py);
            svg.circle(x.at(px), y.at(py), 2.5, POINT, "none", hover);
        }
        return svg.document();
    }

    private static double[] finite(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite).toArray();
    }

    private void axes(Svg svg, Axis x, Axis y) {
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), SIZE - RIGHT, y.at(tick), Svg.GRID, 1);
            svg.text(LEFT - 8, y.at(tick) + 4, 11, Anchor.END, Svg.MUTED, y.label(tick));
        }
        double floor = SIZE - BOTTOM;
        for (double tick : x.ticks()) {
            svg.line(x.at(tick), TOP, x.at(tick), floor, Svg.GRID, 1);
            svg.text(x.at(tick), floor + 18, 11, Anchor.MIDDLE, Svg.MUTED, x.label(tick));
        }
        svg.text((LEFT + SIZE - RIGHT) / 2, SIZE - 12, 12, Anchor.MIDDLE, Svg.MUTED, points.xAxis());
        svg.turned(18, (TOP + floor) / 2, -90, 12, Anchor.MIDDLE, Svg.MUTED, points.yAxis());
    }
}
