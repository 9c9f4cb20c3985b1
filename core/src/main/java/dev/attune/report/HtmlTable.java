package dev.attune.report;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A table of a page: a caption, heads, and cells that may come from data. Numbers stand at the right. */
final class HtmlTable {
    /** Most rows: more are read by no one, and {@code report.json} has them. */
    private static final int MOST_ROWS = 1000;

    private HtmlTable() {}

    /** @param rows cells are texts, whole numbers ({@code Long}), numbers ({@code Double}) or null */
    static void write(Html html, String caption, List<String> heads, List<? extends List<@Nullable Object>> rows) {
        html.open("div", "class", "wide").open("table").element("caption", caption);
        html.open("thead").open("tr");
        for (int c = 0; c < heads.size(); c++) {
            html.open("th", "scope", "col", "class", isNumber(rows, c) ? "n" : "t")
                    .text(heads.get(c))
                    .close();
        }
        html.close().close().open("tbody");
        for (List<@Nullable Object> row : rows.subList(0, Math.min(MOST_ROWS, rows.size()))) {
            html.open("tr");
            for (Object cell : row) {
                html.open("td", "class", cell instanceof Number ? "n" : "t")
                        .data(cell(cell))
                        .close();
            }
            html.close();
        }
        html.close().close();
        if (rows.size() > MOST_ROWS) {
            html.element("p", String.format(Locale.ROOT, "… and %,d more rows", rows.size() - MOST_ROWS));
        }
        html.close();
    }

    private static boolean isNumber(List<? extends List<@Nullable Object>> rows, int column) {
        return !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column) instanceof Number);
    }

    private static String cell(@Nullable Object value) {
        if (value == null) return "";
        if (value instanceof Double number) return number(number);
        return value instanceof Long count ? String.format(Locale.ROOT, "%,d", count) : value.toString();
    }

    /** Four digits after the point, more for what is very small, as a learning rate is. */
    static String number(double value) {
        boolean small = value != 0 && Math.abs(value) < 1e-3;
        return String.format(Locale.ROOT, small || Math.abs(value) >= 1e9 ? "%.3e" : "%,.4f", value);
    }
}
