package dev.attune.data;

import dev.attune.data.sql.DuckDbSelect;
import dev.attune.error.DataException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Streams the rows of a query into a table: through a cursor of the server, in a read-only transaction that is rolled back
 * at the end. On a connection that is in a transaction already, that transaction stays as it is.
 */
final class JdbcRows {
    private static final int FETCH_SIZE = 1000;
    // These drivers read a value once more as another class; of others nobody knows.
    private static final Set<String> READ_AGAIN = Set.of("postgresql", "duckdb", "h2");

    private final Connection connection;
    private final String vendor;
    private final Set<String> nested;

    JdbcRows(Connection connection, String vendor) {
        this(connection, vendor, Set.of());
    }

    /** @param nested the columns whose values are JSON texts although their type does not say so */
    JdbcRows(Connection connection, String vendor, Set<String> nested) {
        this.connection = connection;
        this.vendor = vendor;
        this.nested = nested;
    }

    /** @param sql a text that was checked to be one query that only reads */
    void read(String sql, @Nullable Object[] parameters, TableBuilder table) throws SQLException {
        if (vendor.equals("duckdb") || !connection.getAutoCommit()) {
            execute(sql, parameters, table);
            return;
        }
        boolean readOnly = connection.isReadOnly();
        setReadOnly(true);
        connection.setAutoCommit(false); // PostgreSQL has cursors only in a transaction
        try {
            execute(sql, parameters, table);
        } finally {
            end(readOnly);
        }
    }

    private void setReadOnly(boolean readOnly) {
        try {
            connection.setReadOnly(readOnly);
        } catch (SQLException e) {
            // A driver without read-only transactions: the query was checked, and the rollback remains.
        }
    }

    private void end(boolean readOnly) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
            setReadOnly(readOnly);
        } catch (SQLException e) {
            // The connection is gone, and with it the transaction; what was read or what failed is known already.
        }
    }

    private void execute(String sql, @Nullable Object[] parameters, TableBuilder table) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
            for (int i = 0; i < parameters.length; i++) statement.setObject(i + 1, parameters[i]);
            // The least number is how MySQL's driver is told to stream.
            statement.setFetchSize(vendor.equals("mysql") ? Integer.MIN_VALUE : FETCH_SIZE);
            try (ResultSet result = statement.executeQuery()) {
                collect(result, sql, table);
            }
        }
    }

    private void collect(ResultSet result, String sql, TableBuilder table) throws SQLException {
        ResultSetMetaData metadata = result.getMetaData();
        List<String> names = columnNames(metadata, sql);
        String[] types = new String[names.size()];
        for (int i = 0; i < types.length; i++) types[i] = type(metadata, i + 1);
        table.columns(names, Jdbc.title(sql));
        int row = 0;
        try {
            while (result.next()) {
                List<@Nullable Object> values = new ArrayList<>(names.size());
                for (int i = 1; i <= names.size(); i++) {
                    values.add(value(result, i, types[i - 1], names.get(i - 1), row + 1));
                }
                table.row(names, values, ++row);
            }
        } catch (SQLException e) {
            if (row == 0 && !broken(e)) throw e;
            String what = broken(e) ? "The connection to the database broke" : "The query failed";
            throw new DataException(what + " after row " + row + ": " + Jdbc.firstPart(e) + DuckDbSelect.query(sql), e);
        }
    }

    private boolean broken(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("08") || state.startsWith("57P")) return true; // PostgreSQL has 57P for its shutdown
        try {
            return connection.isClosed();
        } catch (SQLException closing) {
            return true;
        }
    }

    private static String type(ResultSetMetaData metadata, int column) throws SQLException {
        String name = String.valueOf(metadata.getColumnTypeName(column)).toLowerCase(Locale.ROOT);
        int type = metadata.getColumnType(column);
        if (name.equals("timestamptz") || type == Types.TIMESTAMP_WITH_TIMEZONE) return "timestamptz";
        return type == Types.TIMESTAMP ? "timestamp" : name;
    }

    private @Nullable Object value(ResultSet result, int column, String type, String name, int row)
            throws SQLException {
        if (nested.contains(name) || type.equals("json") || type.equals("jsonb")) {
            return json(result.getString(column), name, row);
        }
        Object raw = result.getObject(column);
        if (raw instanceof SQLXML xml) return xml.getString();
        if (raw instanceof Timestamp && READ_AGAIN.contains(vendor)) {
            // A Timestamp shows the time of day in the zone of this machine, which may skip that very hour.
            if (type.equals("timestamptz"))
                return result.getObject(column, OffsetDateTime.class).toString();
            return text(result.getObject(column, LocalDateTime.class));
        }
        Object value = CellValue.of(raw);
        if (!type.equals("_json") && !type.equals("_jsonb")) return value;
        return value instanceof List<?> texts ? jsons(texts, name, row) : value;
    }

    private static List<@Nullable Object> jsons(List<?> texts, String name, int row) {
        List<@Nullable Object> values = new ArrayList<>(texts.size());
        for (Object text : texts) values.add(json(text == null ? null : text.toString(), name, row));
        return values;
    }

    private static @Nullable Object json(@Nullable String text, String name, int row) {
        if (text == null) return null;
        try {
            return Json.value(text);
        } catch (JacksonException e) {
            throw new DataException(
                    "Row " + row + ", column '" + name + "': cannot read the nested value: " + e.getOriginalMessage(),
                    e);
        }
    }

    /** As {@link Timestamp#toString} writes it. */
    private static String text(LocalDateTime time) {
        String fraction = String.format(Locale.ROOT, "%09d", time.getNano()).replaceFirst("0{1,8}$", "");
        return time.toLocalDate() + " "
                + String.format(Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond()) + "."
                + fraction;
    }

    static List<String> columnNames(ResultSetMetaData metadata, String sql) throws SQLException {
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 1; i <= metadata.getColumnCount(); i++) {
            String name = metadata.getColumnLabel(i);
            if (!seen.add(name)) {
                throw new DataException("The query gives two columns named '" + name + "'. Rename one with AS."
                        + DuckDbSelect.query(sql));
            }
            names.add(name);
        }
        return names;
    }
}
