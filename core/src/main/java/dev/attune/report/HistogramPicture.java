package dev.attune.report;

import dev.attune.report.Svg.Anchor;
import dev.attune.task.Artifact;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Locale;

/** Counts of ranges of values as an SVG picture with a bar for each. */
final class HistogramPicture {
    private static final double WIDTH = 640, HEIGHT = 400, LEFT = 68, RIGHT = 20, TOP = 46, BOTTOM = 50;
    private static final String BAR = "#2f6fb3";

    private final Artifact.Histogram histogram;

    HistogramPicture(Artifact.Histogram histogram) {
        this.histogram = histogram;
    }

    String svg() {
        Svg svg = new Svg(WIDTH, HEIGHT, histogram.title());
        svg.text(16, 26, 16, Anchor.START, Svg.INK, LabelText.fit(histogram.title(), 60));
        long[] counts = histogram.counts();
        double floor = HEIGHT - BOTTOM;
        Axis y = Axis.over(0, Math.max(1, Arrays.stream(counts).max().orElse(1)), 5, floor, TOP);
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), Svg.GRID, 1);
            svg.text(LEFT - 8, y.at(tick) + 4, 11, Anchor.END, Svg.MUTED, y.label(tick));
        }
        double step = (WIDTH - RIGHT - LEFT) / counts.length;
        for (int i = 0; i <= counts.length; i++) {
            svg.text(LEFT + i * step, floor + 18, 11, Anchor.MIDDLE, Svg.MUTED, edge(i));
            if (i == counts.length) break;
            String hover = String.format(Locale.ROOT, "%s to %s: %,d", edge(i), edge(i + 1), counts[i]);
            double top = y.at(counts[i]);
            svg.rect(LEFT + i * step + 1, top, step - 2, floor - top, BAR, hover);
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, 12, Anchor.MIDDLE, Svg.MUTED, histogram.xAxis());
        return svg.document();
    }

    private String edge(int range) {
        return edge(histogram, range);
    }

    /** Where a range begins, for people. */
    static String edge(Artifact.Histogram histogram, int range) {
        double value = histogram.low() + range * (histogram.high() - histogram.low()) / histogram.counts().length;
        return new BigDecimal(value)
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    }
}
