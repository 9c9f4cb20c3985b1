package dev.attune.data.sql;

import dev.attune.error.DataException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets exactly one query that only reads through to DuckDB. DuckDB's own parser decides, so nothing can hide from the
 * check that the database would see. It has to stand before {@code prepareStatement}, which executes all statements of a
 * text but the last.
 *
 * <p>A SELECT can still change things through table functions: {@code enable_logging} and {@code enable_profiling} write
 * files, even on a locked configuration. So only the table functions below may be called, and where a database has views
 * and macros of its own, its plan of the query may not contain others either.
 */
public final class DuckDbSelect {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Set<String> TABLE_FUNCTIONS = Set.of(
            "duckdb_columns",
            "duckdb_constraints",
            "duckdb_databases",
            "duckdb_extensions",
            "duckdb_functions",
            "duckdb_indexes",
            "duckdb_keywords",
            "duckdb_memory",
            "duckdb_schemas",
            "duckdb_sequences",
            "duckdb_settings",
            "duckdb_tables",
            "duckdb_types",
            "duckdb_views",
            "generate_series",
            "glob",
            "histogram",
            "histogram_values",
            "icu_calendar_names",
            "json_each",
            "json_tree",
            "parquet_bloom_probe",
            "parquet_file_metadata",
            "parquet_full_metadata",
            "parquet_kv_metadata",
            "parquet_metadata",
            "parquet_scan",
            "parquet_schema",
            "pg_timezone_names",
            "query_table",
            "range",
            "read_blob",
            "read_csv",
            "read_csv_auto",
            "read_json",
            "read_json_auto",
            "read_json_objects",
            "read_json_objects_auto",
            "read_ndjson",
            "read_ndjson_auto",
            "read_ndjson_objects",
            "read_ndjson_objects_auto",
            "read_parquet",
            "read_text",
            "repeat",
            "repeat_row",
            "sniff_csv",
            "summary",
            "test_all_types",
            "unnest");
    /** Scans of the database's own tables, which a plan shows as functions too. */
    private static final Set<String> SCANS = Set.of("seq_scan", "index_scan", "column_data_scan");
    /** Scalar functions that leave a trace in the database. */
    private static final Set<String> WRITING_FUNCTIONS = Set.of("nextval", "write_log");

    private DuckDbSelect() {}

    /** @throws DataException if the text is anything but one query that only reads */
    public static void check(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
        JsonNode parsed = JSON.readTree(serialize(connection, sql));
        if (parsed.path("error").asBoolean()) throw refused(parsed, sql);
        int statements = parsed.path("statements").size();
        if (statements == 0) throw new DataException("The query is empty. Write one SELECT.");
        if (statements > 1) throw tooMany(new SqlText(sql, "duckdb").statements(), sql);
        Set<String> own = ownFunctions(connection);
        checkFunctions(parsed, own, sql);
        if (!own.isEmpty() || hasViews(connection)) checkPlan(connection, sql, parameters);
    }

    private static String serialize(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
            statement.setString(1, sql);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    private static DataException refused(JsonNode parsed, String sql) {
        List<List<String>> statements = new SqlText(sql, "duckdb").statements();
        if (statements.size() > 1) return tooMany(statements, sql);
        String message = parsed.path("error_message").asString();
        if (!parsed.path("error_type").asString().equals("not implemented")) {
            String remedy = message.contains("CTE needs a SELECT") ? ". A data query only reads" : "";
            return new DataException("The query failed: " + message + remedy + query(sql));
        }
        List<String> words = statements.isEmpty() ? List.of() : statements.get(0);
        if (words.contains("PIVOT")) {
            return new DataException("A data query is one SELECT, and PIVOT without its values is more than one"
                    + " to DuckDB. Name the values: PIVOT … ON column IN (…)." + query(sql));
        }
        return new DataException("A data query only reads: it is one SELECT, but this one begins with "
                + (words.isEmpty() ? "something else" : words.get(0)) + "." + query(sql));
    }

    public static DataException tooMany(List<List<String>> statements, String sql) {
        List<String> first = statements.stream().map(words -> words.get(0)).toList();
        return new DataException("A data query is one SELECT, but here are " + first.size() + " statements ("
                + String.join("; ", first) + "). Remove the others." + query(sql));
    }

    public static String query(String sql) {
        return "\n  query: " + sql.strip();
    }

    /** Every node of DuckDB's syntax tree: functions stand anywhere, in joins, subqueries and expressions. */
    private static void checkFunctions(JsonNode node, Set<String> own, String sql) {
        if (node.path("type").asString("").equals("TABLE_FUNCTION")) {
            String name = name(node.path("function"));
            if (!TABLE_FUNCTIONS.contains(name) && !own.contains(name)) throw notAllowed(name, sql);
        } else if (node.path("class").asString("").equals("FUNCTION") && WRITING_FUNCTIONS.contains(name(node))) {
            throw notAllowed(name(node), sql);
        }
        for (JsonNode child : node) checkFunctions(child, own, sql);
    }

    private static String name(JsonNode function) {
        return function.path("function_name").asString("").toLowerCase(Locale.ROOT);
    }

    private static DataException notAllowed(String function, String sql) {
        return new DataException("A data query only reads, and the function " + function
                + " is not among those that do no more. Use tables, files and their readers (read_csv, read_json,"
                + " read_parquet, …)." + query(sql));
    }

    private static Set<String> ownFunctions(Connection connection) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT lower(function_name) FROM duckdb_functions() WHERE NOT internal")) {
            while (result.next()) names.add(result.getString(1));
        }
        return names;
    }

    private static boolean hasViews(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT 1 FROM duckdb_views() WHERE NOT internal LIMIT 1")) {
            return result.next();
        }
    }

    /** A view or macro of the database may call what the query itself may not. EXPLAIN executes nothing. */
    private static void checkPlan(Connection connection, String sql, @Nullable Object[] parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("EXPLAIN (FORMAT json) " + sql)) {
            // With the real values, because others could let the planner drop what will be executed.
            for (int i = 0; i < parameters.length; i++) statement.setObject(i + 1, parameters[i]);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) checkPlan(JSON.readTree(result.getString(2)), sql);
            }
        }
    }

    private static void checkPlan(JsonNode node, String sql) {
        JsonNode function = node.path("extra_info").path("Function");
        @Nullable String name = function.isString() ? function.asString().toLowerCase(Locale.ROOT) : null;
        if (name != null && !TABLE_FUNCTIONS.contains(name) && !SCANS.contains(name)) throw notAllowed(name, sql);
        for (JsonNode child : node) checkPlan(child, sql);
    }
}
