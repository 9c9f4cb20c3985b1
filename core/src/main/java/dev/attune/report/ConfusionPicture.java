package dev.attune.report;

import dev.attune.metric.Confusion;
import dev.attune.report.Svg.Anchor;
import java.util.List;
import java.util.Locale;

/**
 * The confusion matrix as a heat map. Rows are true labels, columns predicted ones; right answers are blue, mistakes
 * orange, each as dark as its share of the rows of that true label, so rare labels are as visible as frequent ones. The
 * orange scale is stretched (square root): a mistake of five percent must be seen.
 */
final class ConfusionPicture {
    /** Colours of a share of nothing, half and all. */
    private static final int[][] BLUE = {{246, 248, 250}, {112, 165, 214}, {12, 74, 140}};

    private static final int[][] ORANGE = {{246, 248, 250}, {246, 164, 98}, {178, 52, 6}};
    private static final int LABEL_WIDTH = 40;

    private final String title;
    private final Confusion confusion;
    private final List<String> labels;
    private final List<String> full;
    private final int k;
    private final double cell;
    private final double font;
    private final double left;
    private final double top;

    ConfusionPicture(String title, Confusion confusion, List<String> labels) {
        this.title = title;
        this.confusion = confusion;
        this.full = labels;
        this.labels = LabelText.fit(labels, LABEL_WIDTH);
        k = labels.size();
        cell = k <= 4 ? 72 : k <= 12 ? 52 : k <= 30 ? 30 : k <= 200 ? 17 : 6;
        font = k <= 12 ? 13 : k <= 30 ? 11 : 9;
        double room = Svg.textWidth(LabelText.longest(this.labels), font);
        left = named() ? 44 + room : 44;
        // Column names hang turned above the columns: steep ones for small cells.
        top = 52 + (named() ? room * Math.sin(Math.toRadians(angle())) + 10 : 10);
    }

    String svg() {
        double side = k * cell;
        double overhang = named() ? (top - 52) / Math.tan(Math.toRadians(angle())) : 0;
        double width = left + Math.max(side + 120, side + overhang + 16);
        double height = Math.max(top + side + 20, top + 230);
        var svg = new Svg(width, height, title);
        svg.text(16, 26, 16, Anchor.START, Svg.INK, title);
        svg.text(16, 44, 12, Anchor.START, Svg.MUTED, subtitle());
        svg.rect(left, top, side, side, colour(BLUE, 0));
        names(svg);
        cells(svg);
        grid(svg, side);
        svg.turned(20, top + side / 2, -90, 12, Anchor.MIDDLE, Svg.MUTED, "true label");
        svg.text(left + side / 2, top + side + 15, 12, Anchor.MIDDLE, Svg.MUTED, "predicted label");
        scale(svg, left + side + 24, top, BLUE, "right", false);
        scale(svg, left + side + 24, top + 120, ORANGE, "wrong", true);
        return svg.document();
    }

    private String subtitle() {
        double accuracy = 100.0 * confusion.correct() / confusion.total();
        return String.format(Locale.ROOT, "%d of %d right (%.2f %%)", confusion.correct(), confusion.total(), accuracy);
    }

    private boolean named() {
        return cell >= 12;
    }

    private double angle() {
        return k <= 12 ? 40 : 60;
    }

    private void names(Svg svg) {
        if (!named()) return;
        for (int c = 0; c < k; c++) {
            double middle = (c + 0.5) * cell;
            svg.text(left - 8, top + middle + font * 0.35, font, Anchor.END, Svg.INK, labels.get(c));
            svg.turned(left + middle + font * 0.3, top - 8, -angle(), font, Anchor.START, Svg.INK, labels.get(c));
        }
    }

    private void cells(Svg svg) {
        for (int label = 0; label < k; label++) {
            long support = confusion.support(label);
            for (int predicted = 0; predicted < k; predicted++) {
                long count = confusion.count(label, predicted);
                if (count == 0) {
                    // An empty matrix cell is said only where there is room; with many labels zeros would be noise.
                    if (k <= 12) number(svg, label, predicted, "0", "#a9b4be");
                    continue;
                }
                double share = (double) count / support;
                boolean right = label == predicted;
                double depth = right ? share : Math.sqrt(share);
                String hover = String.format(
                        Locale.ROOT,
                        "true %s, predicted %s: %d (%.1f %%)",
                        full.get(label),
                        full.get(predicted),
                        count,
                        100 * share);
                svg.rect(
                        left + predicted * cell,
                        top + label * cell,
                        cell,
                        cell,
                        colour(right ? BLUE : ORANGE, depth),
                        hover);
                if (named()) number(svg, label, predicted, Long.toString(count), depth > 0.6 ? "#ffffff" : Svg.INK);
            }
        }
    }

    private void number(Svg svg, int label, int predicted, String count, String ink) {
        double wanted = k <= 12 ? 15 : k <= 30 ? 11 : 8;
        double size = Math.min(wanted, (cell - 2) / (0.6 * count.length()));
        svg.text(
                left + (predicted + 0.5) * cell,
                top + (label + 0.5) * cell + size * 0.36,
                size,
                Anchor.MIDDLE,
                ink,
                count);
    }

    private void grid(Svg svg, double side) {
        if (!named()) {
            svg.line(left, top, left + side, top, Svg.GRID, 1);
            svg.line(left, top, left, top + side, Svg.GRID, 1);
            return;
        }
        double thickness = k <= 12 ? 2 : 0.5;
        for (int i = 0; i <= k; i++) {
            svg.line(left + i * cell, top, left + i * cell, top + side, k <= 12 ? "#ffffff" : Svg.GRID, thickness);
            svg.line(left, top + i * cell, left + side, top + i * cell, k <= 12 ? "#ffffff" : Svg.GRID, thickness);
        }
    }

    private static void scale(Svg svg, double x, double y, int[][] colours, String title, boolean stretched) {
        svg.text(x, y + 9, 11, Anchor.START, Svg.INK, title);
        double start = y + 18, length = 80;
        int bands = 40;
        for (int i = 0; i < bands; i++) {
            svg.rect(x, start + i * length / bands, 14, length / bands + 0.3, colour(colours, 1 - (i + 0.5) / bands));
        }
        for (double share : stretched ? new double[] {0, 0.05, 0.25, 1} : new double[] {0, 0.5, 1}) {
            double at = start + length * (1 - (stretched ? Math.sqrt(share) : share));
            svg.line(x + 14, at, x + 18, at, Svg.MUTED, 1);
            svg.text(x + 21, at + 3.5, 10, Anchor.START, Svg.MUTED, Math.round(share * 100) + " %");
        }
    }

    private static String colour(int[][] colours, double depth) {
        double place = 2 * Math.max(0, Math.min(1, depth));
        int[] from = colours[place < 1 ? 0 : 1], to = colours[place < 1 ? 1 : 2];
        double part = place < 1 ? place : place - 1;
        int[] mixed = new int[3];
        for (int i = 0; i < 3; i++) mixed[i] = (int) Math.round(from[i] + (to[i] - from[i]) * part);
        return String.format(Locale.ROOT, "#%02x%02x%02x", mixed[0], mixed[1], mixed[2]);
    }
}
