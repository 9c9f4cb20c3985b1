package dev.attune.data;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Any JDBC source: connect, ask, collect. */
final class Jdbc {
    private static final int TITLE_LENGTH = 60;
    private static final Map<String, String> ARTIFACTS = Map.of(
            "duckdb", "org.duckdb:duckdb_jdbc",
            "postgresql", "org.postgresql:postgresql",
            "mysql", "com.mysql:mysql-connector-j",
            "mariadb", "org.mariadb.jdbc:mariadb-java-client",
            "sqlite", "org.xerial:sqlite-jdbc",
            "h2", "com.h2database:h2",
            "sqlserver", "com.microsoft.sqlserver:mssql-jdbc",
            "oracle", "com.oracle.database.jdbc:ojdbc17");

    private Jdbc() {}

    static Connection connect(String url) {
        boolean known = DriverManager.drivers().anyMatch(driver -> {
            try {
                return driver.acceptsURL(url);
            } catch (SQLException e) {
                return false;
            }
        });
        if (!known) throw noDriver(url);
        Properties properties = new Properties();
        if (url.startsWith("jdbc:duckdb:")) {
            // Extensions would be downloaded at the first mention of a remote address: never without being asked.
            properties.setProperty("autoinstall_known_extensions", "false");
            properties.setProperty("autoload_known_extensions", "false");
            properties.setProperty("allow_community_extensions", "false");
            properties.setProperty("allow_persistent_secrets", "false");
            properties.setProperty("lock_configuration", "true");
            if (isFile(url)) properties.setProperty("access_mode", "read_only");
        }
        try {
            return DriverManager.getConnection(url, properties);
        } catch (SQLException e) {
            throw new ConfigException("Cannot connect to " + withoutSecrets(url) + ": " + firstPart(e), e);
        }
    }

    /** Whether a DuckDB URL names a database file; DuckDB refuses to open one in memory as read-only. */
    private static boolean isFile(String url) {
        String path = url.substring("jdbc:duckdb:".length()).replaceFirst(";.*", "");
        return !path.isEmpty() && !path.startsWith(":memory:") && !path.startsWith("memory:");
    }

    static boolean isDuckDb(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("DuckDB");
    }

    private static ConfigException noDriver(String url) {
        if (!url.startsWith("jdbc:")) {
            return new ConfigException("'" + withoutSecrets(url) + "' is not a JDBC URL. Write it like "
                    + "jdbc:postgresql://host/database.");
        }
        String vendor = url.split(":", 3)[1].toLowerCase(Locale.ROOT);
        String artifact = ARTIFACTS.get(vendor);
        return new ConfigException(
                "No JDBC driver for " + withoutSecrets(url) + " is on the class path. Add the dependency "
                        + (artifact == null ? "that has the driver of '" + vendor + "'." : artifact + "."));
    }

    /** The URL without what may hold a password: user information and parameters. */
    static String withoutSecrets(String url) {
        return url.replaceFirst("[?;].*", "").replaceFirst("//[^/]*@", "//").replaceFirst(":[^:/@]*/[^@/]*@", ":@");
    }

    /** Runs the query and adds its columns and rows to the table. */
    static void query(Connection connection, String sql, @Nullable Object[] parameters, TableBuilder table) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) statement.setObject(i + 1, parameters[i]);
            statement.setFetchSize(1000);
            try (ResultSet result = statement.executeQuery()) {
                collect(result, sql, table);
            }
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    static DataException failed(String sql, SQLException e) {
        return new DataException("The query failed: " + firstPart(e) + "\n  query: " + sql.strip(), e);
    }

    private static void collect(ResultSet result, String sql, TableBuilder table) throws SQLException {
        List<String> names = columnNames(result.getMetaData(), sql);
        table.columns(names, title(sql));
        int row = 0;
        while (result.next()) {
            List<@Nullable Object> values = new ArrayList<>(names.size());
            for (int i = 1; i <= names.size(); i++) values.add(CellValue.of(result.getObject(i)));
            table.row(names, values, ++row);
        }
    }

    static List<String> columnNames(ResultSetMetaData metadata, String sql) throws SQLException {
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 1; i <= metadata.getColumnCount(); i++) {
            String name = metadata.getColumnLabel(i);
            if (!seen.add(name)) {
                throw new DataException("The query gives two columns named '" + name
                        + "'. Rename one with AS.\n  query: " + sql.strip());
            }
            names.add(name);
        }
        return names;
    }

    /** What messages call the result of a query. */
    static String title(String sql) {
        String line = sql.strip().replaceAll("\\s+", " ");
        return "query \"" + (line.length() <= TITLE_LENGTH ? line : line.substring(0, TITLE_LENGTH) + "…") + "\"";
    }

    /** A driver's message without the noise: DuckDB puts a sentence about its own state first and options last. */
    static String firstPart(SQLException e) {
        String message = String.valueOf(e.getMessage()).strip();
        int error = message.indexOf("\nError: ");
        if (error >= 0) message = message.substring(error + "\nError: ".length());
        int gap = message.indexOf("\n\n");
        return gap > 0 ? message.substring(0, gap) : message;
    }
}
