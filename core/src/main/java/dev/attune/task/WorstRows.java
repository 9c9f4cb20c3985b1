package dev.attune.task;

import dev.attune.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The few rows on which the model was most wrong, for people to look at. */
public final class WorstRows {
    private static final int KEPT = 20;
    private static final int TEXT = 100; // what a report shows without a cut of its own

    private record Entry(double badness, int row, List<Object> cells) {}

    private final @Nullable Dataset rows;
    private final List<String> columns;
    /** The least bad one first; among equals the one furthest down, so that the order of batches does not matter. */
    private final PriorityQueue<Entry> worst = new PriorityQueue<>(Comparator.comparingDouble(Entry::badness)
            .thenComparing(Comparator.comparingInt(Entry::row).reversed()));

    /**
     * @param rows where the examples come from; null if nobody knows, and then none is kept
     * @param columns those that hold the texts
     */
    public WorstRows(@Nullable Dataset rows, List<String> columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * Takes a row that may be one of them.
     *
     * @param cells what the table says of it
     */
    public void add(double badness, int row, Object... cells) {
        if (rows == null || Double.isNaN(badness)) return;
        if (worst.size() == KEPT && worst.peek().badness > badness) return;
        worst.add(new Entry(badness, row, Arrays.asList(cells)));
        if (worst.size() > KEPT) worst.poll();
    }

    /**
     * The worst first; of equals the one further up.
     *
     * @param heads of the cells
     * @return empty if nothing was wrong, or if nobody knows the texts
     */
    public Optional<Artifact> table(String name, String title, List<String> heads) {
        if (worst.isEmpty() || rows == null) return Optional.empty();
        List<Entry> sorted = new ArrayList<>(worst);
        sorted.sort(worst.comparator().reversed());
        List<String> head = new ArrayList<>(List.of("row"));
        head.addAll(heads);
        head.add("text");
        List<List<@Nullable Object>> lines = new ArrayList<>();
        for (Entry entry : sorted) {
            List<@Nullable Object> line = new ArrayList<>(List.of(rows.where(entry.row)));
            line.addAll(entry.cells);
            line.add(text(rows, entry.row));
            lines.add(line);
        }
        return Optional.of(new Artifact.Table(name, title, head, lines, true));
    }

    private String text(Dataset rows, int row) {
        String text = columns.stream()
                .map(column -> String.valueOf(rows.value(row, column)))
                .collect(Collectors.joining(" | "));
        text = text.replaceAll("\\s+", " ").strip();
        return text.codePointCount(0, text.length()) <= TEXT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, TEXT - 1)) + "…";
    }
}
