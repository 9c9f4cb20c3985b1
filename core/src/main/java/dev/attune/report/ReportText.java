package dev.attune.report;

import dev.attune.metric.Calibration;
import dev.attune.task.Artifact;
import dev.attune.task.TextBar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Artifacts as plain text, for a terminal and for {@code report.txt}. */
public final class ReportText {
    private static final int ROWS = 100;
    /** Most rows of a table that quotes the data: more than a screen of them is for {@code report.html}. */
    private static final int QUOTES = 20;

    private static final int WIDTH = 100;

    private ReportText() {}

    /** All of them, one below the other; empty for none. Points are for pictures and are left out. */
    public static String of(List<Artifact> artifacts) {
        return artifacts.stream()
                .map(ReportText::of)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private static String of(Artifact artifact) {
        if (artifact instanceof Artifact.Matrix matrix) {
            ClassificationReport report = new ClassificationReport(matrix.counts(), matrix.labels());
            return matrix.title() + "\n\n" + report.text() + "\n" + report.confusionText();
        }
        if (artifact instanceof Artifact.Histogram histogram) return histogram(histogram);
        if (artifact instanceof Artifact.Reliability reliability) return reliability(reliability);
        return artifact instanceof Artifact.Table table ? table(table) : "";
    }

    private static String histogram(Artifact.Histogram histogram) {
        long most = Math.max(1, Arrays.stream(histogram.counts()).max().orElse(1));
        StringBuilder out = new StringBuilder(histogram.title()).append("\n\n");
        for (int i = 0; i < histogram.counts().length; i++) {
            long count = histogram.counts()[i];
            String bar = TextBar.of(count, most);
            String range = HistogramPicture.edge(histogram, i) + " – " + HistogramPicture.edge(histogram, i + 1);
            out.append(String.format(Locale.ROOT, "%-14s %,9d  %s", range, count, bar)
                            .stripTrailing())
                    .append('\n');
        }
        return out.toString();
    }

    private static String reliability(Artifact.Reliability reliability) {
        Calibration calibration = reliability.calibration();
        List<String> heads = List.of("confidence", "answers", "mean", "right");
        List<List<@Nullable Object>> ranges = ReliabilityPicture.ranges(calibration);
        return table(new Artifact.Table(reliability.name(), reliability.title(), heads, ranges, false))
                + String.format(Locale.ROOT, "\nExpected calibration error %.4f\n", calibration.expectedError());
    }

    private static String table(Artifact.Table table) {
        int most = table.quotes() ? QUOTES : ROWS;
        List<List<String>> lines = new ArrayList<>();
        lines.add(table.columns());
        for (List<@Nullable Object> row :
                table.rows().subList(0, Math.min(most, table.rows().size()))) {
            lines.add(row.stream().map(ReportText::cell).toList());
        }
        boolean[] numbers = new boolean[table.columns().size()];
        int[] widths = new int[numbers.length];
        for (int c = 0; c < widths.length; c++) {
            int column = c;
            numbers[c] =
                    !table.rows().isEmpty() && table.rows().stream().allMatch(row -> row.get(column) instanceof Number);
            widths[c] = LabelText.longest(
                    lines.stream().map(line -> line.get(column)).toList());
        }
        StringBuilder out = new StringBuilder(table.title()).append("\n\n");
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                String cell = line.get(c);
                String space = " ".repeat(widths[c] - LabelText.length(cell));
                text.append(c == 0 ? "" : "  ").append(numbers[c] ? space + cell : cell + space);
            }
            out.append(text.toString().stripTrailing()).append('\n');
        }
        if (table.rows().size() > most)
            out.append("… and ").append(table.rows().size() - most).append(" more rows\n");
        return out.toString();
    }

    private static String cell(@Nullable Object value) {
        if (value == null) return "";
        if (value instanceof Double number) return String.format(Locale.ROOT, "%.4f", number);
        return LabelText.fit(value.toString(), WIDTH);
    }
}
