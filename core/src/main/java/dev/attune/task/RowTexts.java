package dev.attune.task;

import dev.attune.data.Dataset;
import dev.attune.text.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a set as a table for people: where each is, what there is to say of it, and its text.
 *
 * @param rows where the examples come from; null if nobody knows
 * @param columns those that hold the texts
 */
public record RowTexts(@Nullable Dataset rows, List<String> columns) {
    /** Of rows that nobody knows. */
    public static final RowTexts UNKNOWN = new RowTexts(null, List.of());

    private static final int TEXT = 100; // what a report shows without a cut of its own

    public RowTexts {
        columns = List.copyOf(columns);
    }

    /**
     * A row and what the table says of it.
     *
     * @param cells texts, whole numbers ({@code Long}) or numbers ({@code Double})
     */
    public record Line(int row, List<Object> cells) {}

    /** Whether there are texts to show. */
    public boolean isKnown() {
        return rows != null;
    }

    /**
     * @param heads of the cells
     * @return empty without lines, or if nobody knows the texts
     */
    public Optional<Artifact> table(String name, String title, List<String> heads, List<Line> lines) {
        if (lines.isEmpty() || rows == null) return Optional.empty();
        List<String> head = new ArrayList<>(List.of("row"));
        head.addAll(heads);
        head.add("text");
        List<List<@Nullable Object>> cells = new ArrayList<>();
        for (Line each : lines) {
            List<@Nullable Object> line = new ArrayList<>(List.of(rows.where(each.row)));
            line.addAll(each.cells);
            line.add(text(rows, each.row));
            cells.add(line);
        }
        return Optional.of(new Artifact.Table(name, title, head, cells, true));
    }

    private String text(Dataset from, int row) {
        String text = columns.stream()
                .map(column -> String.valueOf(from.value(row, column)))
                .collect(Collectors.joining(" | "));
        text = text.replaceAll("\\s+", " ").strip();
        return Excerpt.of(text, TEXT);
    }
}
