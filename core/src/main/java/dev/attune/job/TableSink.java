package dev.attune.job;

import dev.attune.data.Columns;
import dev.attune.data.DataSource;
import dev.attune.data.Dataset;
import dev.attune.data.TableWriter;
import dev.attune.data.TableWriter.Column;
import dev.attune.error.ConfigException;
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
        if (writer == null) writer = TableWriter.open(database, table, columns(cells));
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        for (String column : kept) line.put(column, rows.value(row, column));
        line.putAll(cells);
        writer.write(line);
    }

    private List<Column> columns(Map<String, ?> cells) {
        List<Column> columns = new ArrayList<>();
        for (String column : kept) {
            if (cells.containsKey(column)) {
                throw new ConfigException("The column \"" + column + "\" of " + rows.name()
                        + " cannot be kept, because the answers have one of that name. Leave it out of the columns to"
                        + " keep, or rename it in a query: SELECT " + column + " AS given_" + column + ", …");
            }
            columns.add(new Column(column, KeptKind.of(rows, column)));
        }
        cells.forEach((name, value) -> columns.add(new Column(name, KeptKind.of(value))));
        return columns;
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
