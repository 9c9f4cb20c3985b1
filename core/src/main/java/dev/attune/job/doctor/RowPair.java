package dev.attune.job.doctor;

import dev.attune.task.CheckedRows;
import dev.attune.task.Findings;
import dev.attune.task.Learned;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Two rows that are the same, or nearly so, to be shown. */
record RowPair(SetScan first, int firstRow, SetScan second, int secondRow) {
    /** Pairs that are shown. */
    static final int SHOWN = 3;

    private static final int WIDTH = 90;

    static List<Map<String, @Nullable Object>> facts(List<RowPair> pairs) {
        return pairs.stream().map(RowPair::fact).toList();
    }

    private Map<String, @Nullable Object> fact() {
        Map<String, @Nullable Object> fact = new LinkedHashMap<>();
        fact.put("first", side(first, firstRow));
        fact.put("second", side(second, secondRow));
        fact.put("similarity", NearTexts.similarity(first.rows(), firstRow, second.rows(), secondRow));
        return fact;
    }

    private static Map<String, @Nullable Object> side(SetScan set, int row) {
        Map<String, @Nullable Object> side = new LinkedHashMap<>();
        side.put("set", set.role());
        side.put("where", set.rows().rows().where(row));
        side.put("text", Shortened.of(text(set.rows(), row), 3 * WIDTH));
        side.put("label", label(set.rows(), row));
        return side;
    }

    /** Two lines a pair. */
    static void show(List<RowPair> pairs, Findings.Builder found) {
        for (RowPair pair : pairs) {
            found.info("  %s", line(pair.first, pair.firstRow));
            found.info("  %s", "= " + line(pair.second, pair.secondRow));
        }
    }

    /** Where a person finds the first row. */
    String firstPlace() {
        return first.rows().rows().where(firstRow);
    }

    /** Where a person finds the second row. */
    String secondPlace() {
        return second.rows().rows().where(secondRow);
    }

    private static String line(SetScan set, int row) {
        String label = label(set.rows(), row);
        return set.rows().rows().where(row)
                + (label == null || label.isEmpty() ? "" : " [" + Shortened.of(label, 40) + "]")
                + ": " + Shortened.of(text(set.rows(), row), WIDTH);
    }

    static String text(CheckedRows rows, int row) {
        String text = String.valueOf(rows.text(row, 0));
        for (int column = 1; column < rows.columns().size(); column++) text += " | " + rows.text(row, column);
        return text;
    }

    private static @Nullable String label(CheckedRows rows, int row) {
        Learned learned = rows.learned(row);
        return learned == null ? null : learned.text().replace('\0', '|');
    }
}
