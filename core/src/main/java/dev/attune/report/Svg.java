package dev.attune.report;

import java.util.Locale;

/**
 * A small SVG writer: shapes in the order they are drawn, text escaped, a white page below so that it reads anywhere.
 */
final class Svg {
    static final String INK = "#1f2933";
    static final String MUTED = "#66727f";
    static final String GRID = "#e4e8ec";

    /** Where a text hangs at its point. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    private final StringBuilder body = new StringBuilder();
    private final double width;
    private final double height;

    Svg(double width, double height, String title) {
        this.width = width;
        this.height = height;
        body.append("<title>").append(Markup.escape(title)).append("</title>\n");
        rect(0, 0, width, height, "#ffffff");
    }

    void rect(double x, double y, double w, double h, String fill) {
        shape("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>", n(x), n(y), n(w), n(h), fill);
    }

    /** A rectangle that tells {@code hover} when pointed at. */
    void rect(double x, double y, double w, double h, String fill, String hover) {
        shape(
                "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"><title>%s</title></rect>",
                n(x), n(y), n(w), n(h), fill, Markup.escape(hover));
    }

    void line(double x1, double y1, double x2, double y2, String colour, double thickness) {
        shape(
                "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\" stroke-width=\"%s\"/>",
                n(x1), n(y1), n(x2), n(y2), colour, n(thickness));
    }

    /** An open path; {@code points} is {@code M x y L x y …}, see {@link #point}. */
    void path(CharSequence points, String colour, double thickness, double opacity) {
        if (points.isEmpty()) return;
        shape(
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" stroke-opacity=\"%s\""
                        + " stroke-linejoin=\"round\" stroke-linecap=\"round\"/>",
                points, colour, n(thickness), n(opacity));
    }

    static String point(boolean first, double x, double y) {
        return (first ? "M" : "L") + n(x) + " " + n(y);
    }

    void circle(double x, double y, double radius, String fill, String stroke, String hover) {
        shape(
                "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\" stroke=\"%s\" stroke-width=\"1.5\">"
                        + "<title>%s</title></circle>",
                n(x), n(y), n(radius), fill, stroke, Markup.escape(hover));
    }

    void text(double x, double y, double size, Anchor anchor, String colour, String text) {
        turned(x, y, 0, size, anchor, colour, text);
    }

    /** Text turned clockwise around its point by {@code degrees}. */
    void turned(double x, double y, double degrees, double size, Anchor anchor, String colour, String text) {
        String turn = degrees == 0 ? "" : " transform=\"rotate(" + n(degrees) + " " + n(x) + " " + n(y) + ")\"";
        shape(
                "<text x=\"%s\" y=\"%s\" font-size=\"%s\" text-anchor=\"%s\" fill=\"%s\"%s>%s</text>",
                n(x), n(y), n(size), anchor.name().toLowerCase(Locale.ROOT), colour, turn, Markup.escape(text));
    }

    /** Text with a white rim, legible on top of lines. */
    void halo(double x, double y, double size, Anchor anchor, String colour, String text) {
        shape(
                "<text x=\"%s\" y=\"%s\" font-size=\"%s\" text-anchor=\"%s\" fill=\"%s\" stroke=\"#ffffff\""
                        + " stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\">%s</text>",
                n(x), n(y), n(size), anchor.name().toLowerCase(Locale.ROOT), colour, Markup.escape(text));
    }

    String document() {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + n(width) + "\" height=\"" + n(height)
                + "\" viewBox=\"0 0 " + n(width) + " " + n(height) + "\" role=\"img\""
                + " font-family=\"system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', Arial, sans-serif\">\n" + body
                + "</svg>\n";
    }

    private void shape(String format, Object... values) {
        body.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** Room a text needs; SVG cannot measure before it is shown, so this is the width of an average sans-serif. */
    static double textWidth(int characters, double size) {
        return characters * size * 0.58;
    }

    static String n(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
    }
}
