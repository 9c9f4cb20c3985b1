package dev.attune.data;

import dev.attune.data.sql.JdbcUrl;
import dev.attune.error.ConfigException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A table that exists, with the columns to fill by the names that the database has for them. */
final class DatabaseTable {
    private final DatabaseMetaData metadata;
    private final String typed;
    private final String vendor;
    private final String quote;
    private final boolean schemas;
    private final List<String> columns = new ArrayList<>();
    private final List<Integer> types = new ArrayList<>();
    private String quoted = "";

    private DatabaseTable(DatabaseMetaData metadata, String typed) throws SQLException {
        this.metadata = metadata;
        this.typed = typed;
        vendor = new JdbcUrl(String.valueOf(metadata.getURL())).vendor();
        schemas = metadata.supportsSchemasInDataManipulation();
        quote = metadata.getIdentifierQuoteString().strip(); // a space means that nothing can be quoted
    }

    /** @throws ConfigException if there is no such table, or if it lacks a column */
    static DatabaseTable find(Connection connection, String typed, List<TableWriter.Column> wanted)
            throws SQLException {
        DatabaseTable table = new DatabaseTable(connection.getMetaData(), typed);
        String[] parts = typed.split("\\.", -1);
        if (parts.length > 2 || typed.isBlank() || parts[0].isBlank() || parts[parts.length - 1].isBlank()) {
            throw new ConfigException(
                    "'" + typed + "' is no name of a table. Write it as NAME or SCHEMA.NAME, without quotes.");
        }
        List<Found> found = table.find(connection, parts.length == 2 ? parts[0] : null, parts[parts.length - 1]);
        if (found.isEmpty()) {
            throw new ConfigException("There is no table " + typed + " in " + table.database()
                    + ". Make it first, for instance with\n  " + table.create(wanted));
        }
        if (found.size() > 1) {
            throw new ConfigException("There is more than one table " + typed + " in " + table.database()
                    + ". Name the schema too: "
                    + found.stream().map(one -> one.schema() + "." + one.name()).collect(Collectors.joining(", "))
                    + ".");
        }
        table.fill(connection, found.get(0), wanted);
        return table;
    }

    /** @param schema the catalog where that is what a database calls its schemas, as MySQL does */
    private record Found(@Nullable String schema, String name) {}

    /** As typed, else with letters in upper or lower case, in the schema that is set before all others. */
    private List<Found> find(Connection connection, @Nullable String schema, String name) throws SQLException {
        List<Found> all = new ArrayList<>();
        for (String spelled : List.of(name, name.toUpperCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))) {
            try (ResultSet rows = metadata.getTables(catalog(connection, schema), null, pattern(spelled), null)) {
                while (rows.next()) {
                    String type = String.valueOf(rows.getString("TABLE_TYPE"));
                    String of = rows.getString(schemas || schema == null ? "TABLE_SCHEM" : "TABLE_CAT");
                    Found one = new Found(of, rows.getString("TABLE_NAME"));
                    boolean here = schema == null || schema.equalsIgnoreCase(one.schema());
                    if (here && type.contains("TABLE") && !type.startsWith("SYSTEM") && !all.contains(one)) {
                        all.add(one);
                    }
                }
            }
            if (!all.isEmpty()) break;
        }
        if (all.size() < 2) return all;
        String wanted = schema == null ? connection.getSchema() : schema;
        List<Found> exact = all.stream()
                .filter(one -> String.valueOf(wanted).equals(one.schema()))
                .toList();
        return exact.size() == 1 ? exact : all;
    }

    private @Nullable String catalog(Connection connection, @Nullable String schema) throws SQLException {
        return schemas || schema == null ? connection.getCatalog() : schema;
    }

    private String pattern(String name) throws SQLException {
        String escape = metadata.getSearchStringEscape();
        return escape == null || escape.isEmpty()
                ? name
                : name.replace(escape, escape + escape)
                        .replace("_", escape + "_")
                        .replace("%", escape + "%");
    }

    private void fill(Connection connection, Found found, List<TableWriter.Column> wanted) throws SQLException {
        quoted = (found.schema() == null ? "" : quote(found.schema()) + ".") + quote(found.name());
        Map<String, Integer> existing = new LinkedHashMap<>();
        @Nullable String catalog = catalog(connection, found.schema());
        @Nullable String schema = found.schema() == null || !schemas ? null : pattern(found.schema());
        try (ResultSet rows = metadata.getColumns(catalog, schema, pattern(found.name()), null)) {
            while (rows.next()) existing.put(rows.getString("COLUMN_NAME"), rows.getInt("DATA_TYPE"));
        }
        List<String> missing = new ArrayList<>();
        for (TableWriter.Column column : wanted) {
            @Nullable
            String name = existing.containsKey(column.name())
                    ? column.name()
                    : existing.keySet().stream()
                            .filter(column.name()::equalsIgnoreCase)
                            .findFirst()
                            .orElse(null);
            if (name == null) {
                missing.add(quote(column.name()) + " " + type(column.kind()));
            } else {
                columns.add(name);
                types.add(existing.get(name));
            }
        }
        if (missing.isEmpty()) return;
        throw new ConfigException("The table " + typed + " in " + database() + " has the columns "
                + String.join(", ", existing.keySet()) + ", but not all that are to be written. Add them first:"
                + missing.stream()
                        .map(column -> "\n  ALTER TABLE " + quoted + " ADD " + column)
                        .collect(Collectors.joining()));
    }

    private String create(List<TableWriter.Column> wanted) {
        String name = Arrays.stream(typed.split("\\.")).map(this::quote).collect(Collectors.joining("."));
        return wanted.stream()
                .map(column -> quote(column.name()) + " " + type(column.kind()))
                .collect(Collectors.joining(", ", "CREATE TABLE " + name + " (", ")"));
    }

    private String type(TableWriter.Kind kind) {
        String text = switch (vendor) {
            case "sqlserver" -> "NVARCHAR(MAX)";
            case "oracle", "h2" -> "CLOB";
            default -> "TEXT";
        };
        return switch (kind) {
            case TEXT -> text;
            case DOUBLE -> "DOUBLE PRECISION";
            case LONG -> vendor.equals("oracle") ? "NUMBER(19)" : "BIGINT";
            case BOOLEAN -> vendor.equals("sqlserver") ? "BIT" : "BOOLEAN";
            case NESTED ->
                switch (vendor) {
                    case "postgresql" -> "JSONB";
                    case "duckdb", "mysql", "mariadb" -> "JSON";
                    default -> text;
                };
        };
    }

    private String quote(String identifier) {
        if (identifier.indexOf('\0') >= 0 || (quote.isEmpty() && !identifier.matches("\\w+"))) {
            throw new ConfigException("'" + identifier + "' is no name that " + database() + " takes.");
        }
        return quote.isEmpty() ? identifier : quote + identifier.replace(quote, quote + quote) + quote;
    }

    private String database() {
        try {
            return new JdbcUrl(String.valueOf(metadata.getURL())).shown();
        } catch (SQLException e) {
            return "the database";
        }
    }

    String name() {
        return typed;
    }

    String insert() {
        return "INSERT INTO " + quoted + " ("
                + columns.stream().map(this::quote).collect(Collectors.joining(", ")) + ") VALUES ("
                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
    }

    /** The type of a column, from {@link java.sql.Types}, by its position in the INSERT. */
    int type(int index) {
        return types.get(index);
    }

    /** Whether texts and nulls go without a type: PostgreSQL takes none of type text for a column of JSON or of an enum. */
    boolean untyped() {
        return vendor.equals("postgresql");
    }
}
