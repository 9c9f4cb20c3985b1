package dev.attune.data;

import dev.attune.data.sql.DuckDbSelect;
import dev.attune.data.sql.SqlText;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Embedded DuckDB, in memory, for SQL and Parquet. Seen through plain JDBC, so that core need not depend on it.
 */
final class DuckDb {
    private DuckDb() {}

    /** @param what what needs the database, for the message when it is absent */
    static Connection connect(String what) {
        try {
            return Jdbc.connect("jdbc:duckdb:");
        } catch (ConfigException e) {
            throw new ConfigException(what + " needs DuckDB. " + e.getMessage(), e);
        }
    }

    static Dataset sql(String sql) {
        TableBuilder table = new TableBuilder();
        try (Connection connection = connect("SQL")) {
            query(connection, sql, new Object[0], table);
        } catch (SQLException e) {
            throw Jdbc.failed(sql, e);
        }
        return table.build(Jdbc.title(sql));
    }

    static void parquet(Path file, String name, TableBuilder table) {
        table.place(name + " row ");
        String sql = "SELECT * FROM read_parquet(" + literal(file.toString()) + ")";
        try (Connection connection = connect("Reading " + name)) {
            read(connection, sql, new Object[0], table);
        } catch (SQLException e) {
            throw new DataException("Cannot read " + file + ": " + Jdbc.firstPart(e), e);
        } catch (DataException e) {
            if (!(e.getCause() instanceof SQLException cause)) throw e;
            throw new DataException("Cannot read " + file + ": " + Jdbc.firstPart(cause), e);
        }
    }

    /** A path or text as SQL literal. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Runs a query that others wrote: it may only read. */
    static void query(Connection connection, String sql, @Nullable Object[] parameters, TableBuilder table)
            throws SQLException {
        String body = new SqlText(sql, "duckdb").plain();
        try {
            DuckDbSelect.check(connection, body, parameters); // the very text that is sent
        } catch (SQLException e) {
            throw Jdbc.failed(body, e);
        }
        read(connection, body, parameters, table);
    }

    /**
     * JDBC has no portable way to the field names of a STRUCT (the {@code answers} of a question-answering file), so
     * nested columns leave DuckDB as JSON and become lists and maps here.
     */
    private static void read(Connection connection, String sql, @Nullable Object[] parameters, TableBuilder table)
            throws SQLException {
        Set<String> nested = new LinkedHashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ResultSetMetaData metadata = statement.getMetaData();
            List<String> names = JdbcRows.columnNames(metadata, sql);
            for (int i = 1; i <= names.size(); i++) {
                if (isNested(metadata.getColumnTypeName(i))) nested.add(names.get(i - 1));
            }
        } catch (SQLException e) {
            throw Jdbc.failed(sql, e);
        }
        String sent = sql;
        if (!nested.isEmpty()) {
            List<String> replacements = new ArrayList<>();
            for (String column : nested) {
                String quoted = "\"" + column.replace("\"", "\"\"") + "\"";
                replacements.add("to_json(" + quoted + ")::VARCHAR AS " + quoted);
            }
            // The line break keeps a trailing "--" comment of the query from swallowing the parenthesis.
            sent = "SELECT * REPLACE (" + String.join(", ", replacements) + ") FROM (" + sql + "\n)";
        }
        new JdbcRows(connection, "duckdb", nested).read(sent, parameters, table);
    }

    private static boolean isNested(String type) {
        return type.startsWith("STRUCT")
                || type.startsWith("MAP")
                || type.startsWith("UNION")
                || type.startsWith("JSON")
                || type.endsWith("]");
    }
}
