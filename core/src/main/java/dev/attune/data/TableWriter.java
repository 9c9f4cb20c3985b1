package dev.attune.data;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds rows to a table of a database, by a prepared INSERT: the only way in which this package writes to one. All rows are
 * one transaction, which {@link #commit()} ends; without it {@link #close()} takes everything back.
 *
 * <pre>{@code
 * DataSource shop = DataSource.database("jdbc:postgresql://host/shop", "writer", "SHOP_PASSWORD", null);
 * try (TableWriter writer = TableWriter.open(shop, "prediction", List.of(
 *         new TableWriter.Column("label", TableWriter.Kind.TEXT), new TableWriter.Column("score", TableWriter.Kind.DOUBLE)))) {
 *     writer.write(Map.of("label", "good", "score", 0.9));
 *     writer.commit();
 * }
 * }</pre>
 *
 * <p>The table has to exist and to have these columns; it may have more, if they take null or have a default. When it is
 * missing, the message has the CREATE TABLE to run: what a table should be is for its owner to say. One thread only.
 */
public final class TableWriter implements AutoCloseable {
    /** What a column holds. */
    public enum Kind {
        /** A {@code String}; other values are written as their text. */
        TEXT,
        /** A {@code Number}, written as double. */
        DOUBLE,
        /** A whole {@code Number} of at most 64 bits, written as long. */
        LONG,
        /** A {@code Boolean}. */
        BOOLEAN,
        /** A list or map, written as JSON text. */
        NESTED
    }

    /** @param name as in the database; letters match in upper or lower case, an exact match goes first */
    public record Column(String name, Kind kind) {}

    private static final int BATCH = 1000;

    private final Connection connection;
    private final DatabaseTable table;
    private final PreparedStatement insert;
    private final List<Column> columns;
    private long rows;
    private long sent;

    private TableWriter(Connection connection, DatabaseTable table, List<Column> columns) throws SQLException {
        this.connection = connection;
        this.table = table;
        this.columns = List.copyOf(columns);
        connection.setAutoCommit(false);
        insert = connection.prepareStatement(table.insert());
    }

    /** A sentence for each mistake in a database to write to; see {@link DataSource#mistakes}. */
    public static List<String> mistakes(String key, DataSource database) {
        if (database.jdbc() == null) return List.of(key + " names no database. Add its URL as jdbc.");
        List<String> mistakes = new ArrayList<>(database.login().mistakes(key));
        if (database.query() != null) mistakes.add(key + ".query is for reading. Name the table to write to instead.");
        return mistakes;
    }

    /**
     * Connects and looks for the table.
     *
     * @param table its name, or {@code schema.name}
     * @throws ConfigException for {@link #mistakes}, or if there is no driver, no connection, no such table or column
     */
    public static TableWriter open(DataSource database, String table, List<Column> columns) {
        List<String> mistakes = mistakes("The database", database);
        if (!mistakes.isEmpty()) throw new ConfigException(String.join("\n", mistakes));
        if (columns.isEmpty()) throw new IllegalArgumentException("no columns to write");
        DatabaseLogin login = database.login();
        String password = login.password(System::getenv);
        Connection connection = Jdbc.connect(login.jdbc(), login.user(), password, false);
        try {
            return new TableWriter(connection, DatabaseTable.find(connection, table, columns), columns);
        } catch (SQLException e) {
            quietly(connection);
            throw new DataException("Cannot write to the table " + table + ": " + Jdbc.firstPart(e), e);
        } catch (RuntimeException e) {
            quietly(connection);
            throw e;
        }
    }

    private static void quietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // what made us give up is the error to show
        }
    }

    /**
     * Adds a row; a column that it lacks gets null.
     *
     * @throws DataException if a number is not whole where it should be, or if the database refuses the row or rows before
     *     it; rows are sent by the thousand
     */
    public void write(Map<String, ? extends @Nullable Object> row) {
        try {
            for (int i = 0; i < columns.size(); i++)
                set(i, row.get(columns.get(i).name()));
            insert.addBatch();
            rows++;
            if (rows - sent == BATCH) send();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void set(int index, @Nullable Object value) throws SQLException {
        Column column = columns.get(index);
        int at = index + 1;
        if (value == null) {
            insert.setNull(at, table.untyped() ? Types.OTHER : table.type(index));
            return;
        }
        switch (column.kind()) {
            case TEXT -> text(index, value.toString());
            case NESTED -> text(index, Json.MAPPER.writeValueAsString(value));
            case DOUBLE -> insert.setDouble(at, number(column, value).doubleValue());
            case LONG -> insert.setLong(at, whole(column, number(column, value)));
            case BOOLEAN -> {
                if (!(value instanceof Boolean flag)) throw wrong(column, value);
                insert.setBoolean(at, flag);
            }
        }
    }

    private void text(int index, String text) throws SQLException {
        if (table.untyped()) {
            insert.setObject(index + 1, text, Types.OTHER);
        } else {
            insert.setString(index + 1, text);
        }
    }

    private static Number number(Column column, Object value) {
        if (value instanceof Number number) return number;
        throw wrong(column, value);
    }

    private static long whole(Column column, Number number) {
        if (number instanceof Long || number instanceof Integer) return number.longValue();
        try {
            return new BigDecimal(number.toString()).longValueExact();
        } catch (ArithmeticException | NumberFormatException inexact) {
            throw new DataException(
                    "The column " + column.name() + " takes whole numbers of 64 bits, but got " + number
                            + ". Write it as a column of another kind.",
                    inexact);
        }
    }

    private static IllegalArgumentException wrong(Column column, Object value) {
        return new IllegalArgumentException(
                "column " + column.name() + " is " + column.kind() + ", but got " + value.getClass());
    }

    private void send() throws SQLException {
        if (rows == sent) return;
        insert.executeBatch();
        sent = rows;
    }

    /** The rows that were given to {@link #write} so far. */
    public long rows() {
        return rows;
    }

    /**
     * Makes the rows so far lasting.
     *
     * @throws DataException if the database refuses them; then none of them is kept
     */
    public void commit() {
        try {
            send();
            connection.commit();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private DataException failed(SQLException e) {
        // A batch that fails says only that it did; the reason hangs behind.
        SQLException reason = e.getNextException() == null ? e : e.getNextException();
        return new DataException(
                "Writing rows " + (sent + 1) + " to " + rows + " to the table " + table.name() + " failed, and none of"
                        + " them is kept: " + Jdbc.firstPart(reason),
                e);
    }

    /** Takes back what was not committed, and closes the connection. */
    @Override
    public void close() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // a connection that broke has lost the transaction anyway
        } finally {
            quietly(connection);
        }
    }
}
