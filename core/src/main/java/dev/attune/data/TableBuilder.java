package dev.attune.data;

import dev.attune.data.store.ByteWriter;
import dev.attune.data.store.Cell;
import dev.attune.data.store.RecordFile;
import dev.attune.data.store.RecordWriter;
import dev.attune.data.store.RowHash;
import dev.attune.data.store.Table;
import dev.attune.error.DataException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stores rows as they come, and remembers the file and line of each. */
final class TableBuilder {
    private final Map<String, Integer> columns = new LinkedHashMap<>();
    private final List<String> places = new ArrayList<>();
    private final List<Integer> firstRows = new ArrayList<>();
    private final RecordWriter records;
    private final RowHash hash = new RowHash();
    private final ByteWriter record = new ByteWriter(1 << 10);
    private List<String> lastNames = List.of();
    private int[] lastOrder = {}; // of lastNames: which value belongs to each column, -1 for none

    TableBuilder() {
        this(new RecordWriter(RecordWriter.HEAP, RecordFile::temporary));
    }

    TableBuilder(RecordWriter records) {
        this.records = records;
    }

    int size() {
        return records.size();
    }

    Collection<String> columns() {
        return Collections.unmodifiableCollection(columns.keySet());
    }

    /**
     * The rows that follow come from here: {@code place} is put before their number, e.g. {@code "train.csv line "}.
     */
    void place(String place) {
        if (!firstRows.isEmpty() && firstRows.get(firstRows.size() - 1) == size()) { // no row came from there
            places.remove(places.size() - 1);
            firstRows.remove(firstRows.size() - 1);
        }
        places.add(place);
        firstRows.add(size());
    }

    /** Adds a column if it is new; the rows so far have null there. */
    void column(String name) {
        columns.putIfAbsent(name, columns.size());
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
        int[] order = order(names);
        start(position);
        for (int from : order) cell(from < 0 ? null : values.get(from));
        end();
    }

    /** Adds a row whose keys may be new columns; columns it lacks get null. */
    void row(Map<String, ? extends @Nullable Object> row, int position) {
        row.keySet().forEach(this::column);
        start(position);
        for (String column : columns.keySet()) cell(row.get(column));
        end();
    }

    private int cellsStart;
    private int cellsEnd; // after the last cell that is not null

    private void start(int position) {
        record.clear();
        record.varint(position);
        cellsStart = record.length();
        cellsEnd = cellsStart;
    }

    private void cell(@Nullable Object value) {
        Cell.write(value, record);
        if (value != null) cellsEnd = record.length();
    }

    private void end() {
        hash.add(record.bytes(), cellsStart, cellsEnd);
        records.add(record.bytes(), cellsEnd);
    }

    private int[] order(List<String> names) {
        if (names != lastNames || lastOrder.length != columns.size()) {
            lastNames = names;
            Map<String, Integer> places = new HashMap<>(); // a file may have many thousand columns
            for (int i = 0; i < names.size(); i++) places.putIfAbsent(names.get(i), i);
            lastOrder = columns.keySet().stream()
                    .mapToInt(column -> places.getOrDefault(column, -1))
                    .toArray();
        }
        return lastOrder;
    }

    /** @throws DataException if there are no rows */
    Dataset build(String name) {
        Table.Facts facts = facts(name);
        return new StoredDataset(name, new Table(facts, records.finish()), null);
    }

    /**
     * What was added, beside the rows.
     *
     * @throws DataException if there are no rows
     */
    Table.Facts facts(String name) {
        if (size() == 0) {
            throw new DataException(name + " has no rows"
                    + (columns.isEmpty() ? "." : ", only the columns " + String.join(", ", columns.keySet()) + "."));
        }
        List<String> names = List.copyOf(columns.keySet());
        int[] starts = firstRows.stream().mapToInt(Integer::intValue).toArray();
        return new Table.Facts(names, List.copyOf(places), starts, hash.hex(names));
    }
}
