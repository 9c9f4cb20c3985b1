package dev.attune.data;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

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
        DuckDbSelect.check(connection, body, parameters); // the very text that is sent
        read(connection, body, parameters, table);
    }

    /**
     * JDBC has no portable way to the field names of a STRUCT (the {@code answers} of a question-answering file), so
     * nested columns leave DuckDB as JSON and become lists and maps here.
     */
    private static void read(Connection connection, String sql, @Nullable Object[] parameters, TableBuilder table)
            throws SQLException {
        List<String> nested = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ResultSetMetaData metadata = statement.getMetaData();
            List<String> names = Jdbc.columnNames(metadata, sql);
            for (int i = 1; i <= names.size(); i++) {
                if (isNested(metadata.getColumnTypeName(i))) nested.add(names.get(i - 1));
            }
        } catch (SQLException e) {
            throw Jdbc.failed(sql, e);
        }
        if (nested.isEmpty()) {
            Jdbc.query(connection, sql, parameters, table);
            return;
        }
        List<String> replacements = new ArrayList<>();
        for (String column : nested) {
            String quoted = "\"" + column.replace("\"", "\"\"") + "\"";
            replacements.add("to_json(" + quoted + ")::VARCHAR AS " + quoted);
        }
        // The line break keeps a trailing "--" comment of the query from swallowing the parenthesis.
        String wrapped = "SELECT * REPLACE (" + String.join(", ", replacements) + ") FROM (" + sql + "\n)";
        TableBuilder raw = new TableBuilder();
        Jdbc.query(connection, wrapped, parameters, raw);
        if (raw.size() > 0) parse(raw.build(Jdbc.title(sql)), nested, table);
    }

    private static boolean isNested(String type) {
        return type.startsWith("STRUCT")
                || type.startsWith("MAP")
                || type.startsWith("UNION")
                || type.startsWith("JSON")
                || type.endsWith("]");
    }

    private static void parse(Dataset raw, List<String> nested, TableBuilder table) {
        table.columns(raw.columns(), raw.name());
        for (int row = 0; row < raw.size(); row++) {
            Map<String, @Nullable Object> cells = new LinkedHashMap<>();
            for (String column : raw.columns()) {
                Object value = raw.value(row, column);
                if (value instanceof String json && nested.contains(column)) {
                    try {
                        value = Json.value(json);
                    } catch (JacksonException e) {
                        throw new DataException(
                                "Row " + (row + 1) + ", column '" + column + "': cannot read the nested value: "
                                        + e.getOriginalMessage(),
                                e);
                    }
                }
                cells.put(column, value);
            }
            table.row(cells, row + 1);
        }
    }
}
