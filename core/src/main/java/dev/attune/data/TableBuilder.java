package dev.attune.data;

import dev.attune.error.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects rows into columns, and remembers the file and line of each. */
final class TableBuilder {
    private final Map<String, List<@Nullable Object>> columns = new LinkedHashMap<>();
    private final List<String> places = new ArrayList<>();
    private final List<Integer> firstRows = new ArrayList<>();
    private int[] positions = new int[64];
    private int size;

    int size() {
        return size;
    }

    Collection<String> columns() {
        return columns.keySet();
    }

    /**
     * The rows that follow come from here: {@code place} is put before their number, e.g. {@code "train.csv line "}.
     */
    void place(String place) {
        places.add(place);
        firstRows.add(size);
    }

    /** Adds a column if it is new; the rows so far have null there. */
    void column(String name) {
        columns.computeIfAbsent(name, key -> {
            List<@Nullable Object> cells = new ArrayList<>();
            for (int i = 0; i < size; i++) cells.add(null);
            return cells;
        });
    }

    /**
     * Declares the columns of a source whose rows all have the same ones.
     *
     * @throws DataException if an earlier source had others
     */
    void columns(List<String> names, String source) {
        if (columns.isEmpty()) {
            names.forEach(this::column);
        } else if (names.size() != columns.size() || !columns.keySet().containsAll(names)) {
            throw new DataException(source + " has the columns " + String.join(", ", names)
                    + ", but the sources before it have " + String.join(", ", columns.keySet())
                    + ". Sources that are read together need the same columns.");
        }
    }

    /** @param position the number people see: a line, or a row counted from 1 */
    void row(List<String> names, List<? extends @Nullable Object> values, int position) {
        for (int i = 0; i < names.size(); i++) columns.get(names.get(i)).add(values.get(i));
        if (size == positions.length) positions = Arrays.copyOf(positions, size * 2);
        positions[size++] = position;
    }

    /** Adds a row whose keys may be new columns; columns it lacks get null. */
    void row(Map<String, ? extends @Nullable Object> row, int position) {
        row.keySet().forEach(this::column);
        List<String> names = List.copyOf(columns.keySet());
        List<@Nullable Object> values = new ArrayList<>(names.size());
        for (String name : names) values.add(row.get(name));
        row(names, values, position);
    }

    /** @throws DataException if there are no rows */
    Dataset build(String name) {
        if (size == 0) {
            throw new DataException(name + " has no rows"
                    + (columns.isEmpty() ? "." : ", only the columns " + String.join(", ", columns.keySet()) + "."));
        }
        Map<String, @Nullable Object[]> arrays = new LinkedHashMap<>();
        columns.forEach((column, cells) -> arrays.put(column, cells.toArray()));
        int[] rows = new int[size];
        for (int i = 0; i < size; i++) rows[i] = i;
        return new ColumnarDataset(name, arrays, origin(), rows);
    }

    private Origin origin() {
        if (places.isEmpty()) return Origin.ROW;
        int[] lines = Arrays.copyOf(positions, size);
        int[] starts = firstRows.stream().mapToInt(Integer::intValue).toArray();
        List<String> labels = List.copyOf(places);
        return row -> {
            int found = Arrays.binarySearch(starts, row);
            return labels.get(found >= 0 ? found : -found - 2) + lines[row];
        };
    }
}
