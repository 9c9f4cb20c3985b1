package dev.attune.job;

import dev.attune.data.Columns;
import dev.attune.data.DataSource;
import dev.attune.data.Dataset;
import dev.attune.data.TableWriter;
import dev.attune.data.TableWriter.Column;
import dev.attune.data.TableWriter.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers into a table of a database, with some columns of the rows that were asked, which say whose answer it is.
 * One transaction: either all answers are there or none.
 */
public final class TableSink implements Predictor.Sink, AutoCloseable {
    private final DataSource database;
    private final String table;
    private final Dataset rows;
    private final List<String> kept;
    private @Nullable TableWriter writer;

    /**
     * @param database where to write; see {@link DataSource#database}
     * @param table its name, or {@code schema.name}; it has to exist
     * @param rows the rows that are asked
     * @param kept names of columns to copy from them
     * @throws dev.attune.error.DataException if the rows lack such a column
     */
    public TableSink(DataSource database, String table, Dataset rows, List<String> kept) {
        this.database = database;
        this.table = table;
        this.rows = rows;
        this.kept = List.copyOf(kept);
        kept.forEach(column -> Columns.require(rows, column));
    }

    @Override
    public void answer(int row, Object json, Map<String, ?> cells) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        for (String column : kept) line.put(column, rows.value(row, column));
        line.putAll(cells);
        if (writer == null) writer = TableWriter.open(database, table, columns(line));
        writer.write(line);
    }

    private List<Column> columns(Map<String, @Nullable Object> line) {
        List<Column> columns = new ArrayList<>();
        line.forEach(
                (name, value) -> columns.add(new Column(name, kept.contains(name) ? kindOfColumn(name) : kind(value))));
        return columns;
    }

    /** What a column of the rows holds, by its first value. */
    private Kind kindOfColumn(String column) {
        for (int row = 0; row < rows.size(); row++) {
            Object value = rows.value(row, column);
            if (value != null) return kind(value);
        }
        return Kind.TEXT;
    }

    private static Kind kind(@Nullable Object value) {
        if (value instanceof Double) return Kind.DOUBLE;
        if (value instanceof Number) return Kind.LONG;
        if (value instanceof Boolean) return Kind.BOOLEAN;
        return value instanceof List<?> || value instanceof Map<?, ?> ? Kind.NESTED : Kind.TEXT;
    }

    /** Makes all answers visible to others. */
    public void commit() {
        if (writer != null) writer.commit();
    }

    /** Takes back what was not committed. */
    @Override
    public void close() {
        if (writer != null) writer.close();
    }
}
