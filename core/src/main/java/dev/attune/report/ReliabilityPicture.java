package dev.attune.report;

import dev.attune.metric.Calibration;
import dev.attune.report.Svg.Anchor;
import dev.attune.task.Artifact;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The reliability diagram as an SVG picture: of each range of confidence the share of right answers as a bar, the mean
 * confidence as a mark, and the diagonal on which both agree. Below it how many answers each range has.
 */
final class ReliabilityPicture {
    private static final double WIDTH = 560, HEIGHT = 620, LEFT = 68, RIGHT = 20, TOP = 62, FLOOR = 480, BASE = 570;
    private static final String BAR = "#2f6fb3";
    private static final String MARK = "#c43e08";

    private final Artifact.Reliability reliability;
    private final Calibration calibration;

    ReliabilityPicture(Artifact.Reliability reliability) {
        this.reliability = reliability;
        this.calibration = reliability.calibration();
    }

    String svg() {
        Svg svg = new Svg(WIDTH, HEIGHT, reliability.title());
        svg.text(16, 26, 16, Anchor.START, Svg.INK, LabelText.fit(reliability.title(), 60));
        String error = String.format(
                Locale.ROOT,
                "expected calibration error %.4f, %,d answers",
                calibration.expectedError(),
                calibration.total());
        svg.text(16, 44, 12, Anchor.START, Svg.MUTED, error);
        Axis x = Axis.over(0, 1, 5, LEFT, WIDTH - RIGHT);
        Axis y = Axis.over(0, 1, 5, FLOOR, TOP);
        axes(svg, x, y);
        bars(svg, x, y);
        svg.line(x.at(0), y.at(0), x.at(1), y.at(1), Svg.MUTED, 1);
        counts(svg, x);
        svg.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, 12, Anchor.MIDDLE, Svg.MUTED, "confidence");
        svg.turned(18, (TOP + FLOOR) / 2, -90, 12, Anchor.MIDDLE, Svg.MUTED, "share of right answers");
        return svg.document();
    }

    private static void axes(Svg svg, Axis x, Axis y) {
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), Svg.GRID, 1);
            svg.text(LEFT - 8, y.at(tick) + 4, 11, Anchor.END, Svg.MUTED, y.label(tick));
        }
        for (double tick : x.ticks()) {
            svg.text(x.at(tick), BASE + 18, 11, Anchor.MIDDLE, Svg.MUTED, x.label(tick));
        }
    }

    private void bars(Svg svg, Axis x, Axis y) {
        for (int range = 0; range < Calibration.RANGES; range++) {
            if (calibration.count(range) == 0) continue;
            double from = x.at((double) range / Calibration.RANGES) + 1;
            double to = x.at((range + 1.0) / Calibration.RANGES) - 1;
            double top = y.at(calibration.accuracy(range));
            String hover = String.format(
                    Locale.ROOT,
                    "%s: %,d answers, %.1f %% right, mean confidence %.1f %%",
                    name(range),
                    calibration.count(range),
                    100 * calibration.accuracy(range),
                    100 * calibration.confidence(range));
            svg.rect(from, top, to - from, FLOOR - top, BAR, hover);
            double mark = y.at(calibration.confidence(range));
            svg.line(from, mark, to, mark, MARK, 3);
        }
        svg.text(x.at(0) + 10, TOP + 16, 12, Anchor.START, BAR, "right");
        svg.text(x.at(0) + 10, TOP + 34, 12, Anchor.START, MARK, "mean confidence");
    }

    private void counts(Svg svg, Axis x) {
        long most = 1;
        for (int range = 0; range < Calibration.RANGES; range++) most = Math.max(most, calibration.count(range));
        svg.line(LEFT, BASE, WIDTH - RIGHT, BASE, Svg.MUTED, 1);
        for (int range = 0; range < Calibration.RANGES; range++) {
            double from = x.at((double) range / Calibration.RANGES) + 1;
            double to = x.at((range + 1.0) / Calibration.RANGES) - 1;
            double height = 60.0 * calibration.count(range) / most;
            svg.rect(from, BASE - height, to - from, height, "#a9b4be");
            String count = String.format(Locale.ROOT, "%,d", calibration.count(range));
            svg.text((from + to) / 2, BASE - height - 4, 10, Anchor.MIDDLE, Svg.MUTED, count);
        }
    }

    /** Of each range that has answers its name, their number, their mean confidence and the share that is right. */
    static List<List<@Nullable Object>> ranges(Calibration calibration) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int range = 0; range < Calibration.RANGES; range++) {
            if (calibration.count(range) == 0) continue;
            rows.add(List.of(
                    name(range), calibration.count(range), calibration.confidence(range), calibration.accuracy(range)));
        }
        return rows;
    }

    private static String name(int range) {
        return String.format(
                Locale.ROOT, "%.1f – %.1f", (double) range / Calibration.RANGES, (range + 1.0) / Calibration.RANGES);
    }
}
