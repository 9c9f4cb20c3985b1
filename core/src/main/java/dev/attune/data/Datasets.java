package dev.attune.data;

import dev.attune.error.DataException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where rows come from.
 *
 * <pre>{@code
 * Dataset train = Datasets.read("data/train.csv");
 * Dataset some  = Datasets.read("SELECT text, label FROM 'data/*.parquet' WHERE lang = 'en'");
 * Dataset table = Datasets.jdbc("jdbc:postgresql://host/shop", "SELECT body AS text, stars AS label FROM review");
 * Dataset tiny  = Datasets.of("demo", List.of(Map.of("text", "good", "label", 1), Map.of("text", "bad", "label", 0)));
 * }</pre>
 */
public final class Datasets {
    private Datasets() {}

    /**
     * Rows that are in memory already. The columns are the keys of all rows; a row without a key has null there.
     *
     * @throws DataException if there are no rows
     */
    public static Dataset of(String name, List<? extends Map<String, ? extends @Nullable Object>> rows) {
        TableBuilder table = new TableBuilder();
        for (Map<String, ? extends @Nullable Object> row : rows) {
            Map<String, @Nullable Object> cells = new LinkedHashMap<>();
            for (Map.Entry<String, ? extends @Nullable Object> cell : row.entrySet()) {
                try {
                    cells.put(cell.getKey(), CellValue.of(cell.getValue()));
                } catch (SQLException e) {
                    throw new DataException(
                            name + " row " + (table.size() + 1) + ": cannot read column '" + cell.getKey() + "'.", e);
                }
            }
            table.row(cells, table.size() + 1);
        }
        return table.build(name);
    }

    /**
     * The rows of a query on any database that has a JDBC driver: on the class path, or in the jars that the environment
     * variable {@code ATTUNE_JDBC_DRIVERS} (or the system property {@code attune.jdbc.drivers}) lists like a class path.
     *
     * <p>The query has to be exactly one SELECT (or WITH … SELECT, VALUES); it is checked by a parser before anything is
     * sent, and runs in a read-only transaction that is rolled back. No parser sees what a function does that a query
     * calls, for instance PostgreSQL's {@code dblink_exec}: ask with an account that has no right to write. Rows stream
     * through a cursor of the server. JSON columns and arrays become lists and maps, timestamps and other types without a
     * counterpart their text.
     *
     * @param url the user and the password may stand in it; messages do not show them
     * @param parameters the values of the {@code ?} in the query
     * @throws dev.attune.error.ConfigException if there is no driver for the URL or no connection
     * @throws DataException if the query is wrong, would do more than read, gives two columns of one name, gives no rows,
     *     or if the connection breaks; the message has the row that was reached
     */
    public static Dataset jdbc(String url, String sql, @Nullable Object... parameters) {
        return Jdbc.read(url, null, null, sql, parameters);
    }

    /** As {@link #jdbc(String, String, Object...)} on a connection of the caller, who also closes it. */
    public static Dataset jdbc(Connection connection, String sql, @Nullable Object... parameters) {
        TableBuilder table = new TableBuilder();
        Jdbc.query(connection, sql, parameters, table);
        return table.build(Jdbc.title(sql));
    }

    /**
     * Rows of a file, of all files that match a pattern ({@code data/part-*.csv}, {@code data/**}{@code /*.jsonl}), or
     * of SQL on embedded DuckDB if the string begins with {@code SELECT}, {@code WITH} or {@code FROM}. SQL has to be
     * exactly one query that only reads.
     *
     * <p>Files: {@code .csv}, {@code .tsv}, {@code .json}, {@code .jsonl}, {@code .ndjson}, {@code .txt} (column {@code
     * text}, one row a line), each also with {@code .gz} or {@code .zst}, and {@code .parquet}. Parquet and SQL
     * need {@code org.duckdb:duckdb_jdbc} on the class path; nothing is ever fetched from the network.
     *
     * @throws DataException if a file is missing, empty, damaged or malformed; the message has the line
     * @throws dev.attune.error.ConfigException if DuckDB is needed and absent
     */
    public static Dataset read(String fileOrGlobOrSql) {
        return read(fileOrGlobOrSql, DataCache.off());
    }

    /**
     * As {@link #read(String)}, but large files that have not changed their size and time stamp since an earlier run are
     * not read again. A query always runs: nobody knows whether its result is still the same.
     */
    public static Dataset read(String fileOrGlobOrSql, DataCache cache) {
        return DataFiles.read(fileOrGlobOrSql, cache);
    }
}
