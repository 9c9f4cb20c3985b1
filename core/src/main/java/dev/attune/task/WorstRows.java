package dev.attune.task;

import dev.attune.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The few rows on which the model was most wrong, for people to look at. */
public final class WorstRows {
    private static final int KEPT = 20;

    private record Entry(double badness, int row, List<Object> cells) {}

    private final RowTexts texts;
    /** The least bad one first; among equals the one furthest down, so that the order of batches does not matter. */
    private final PriorityQueue<Entry> worst = new PriorityQueue<>(Comparator.comparingDouble(Entry::badness)
            .thenComparing(Comparator.comparingInt(Entry::row).reversed()));

    /**
     * @param rows where the examples come from; null if nobody knows, and then none is kept
     * @param columns those that hold the texts
     */
    public WorstRows(@Nullable Dataset rows, List<String> columns) {
        this(new RowTexts(rows, columns));
    }

    /** @param texts the rows; where nobody knows them none is kept */
    public WorstRows(RowTexts texts) {
        this.texts = texts;
    }

    /**
     * Takes a row that may be one of them.
     *
     * @param cells what the table says of it
     */
    public void add(double badness, int row, Object... cells) {
        if (!texts.isKnown() || Double.isNaN(badness)) return;
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
        List<Entry> sorted = new ArrayList<>(worst);
        sorted.sort(worst.comparator().reversed());
        List<RowTexts.Line> lines = sorted.stream()
                .map(entry -> new RowTexts.Line(entry.row, entry.cells))
                .toList();
        return texts.table(name, title, heads, lines);
    }
}
