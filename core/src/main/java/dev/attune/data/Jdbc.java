package dev.attune.data;

import dev.attune.data.sql.DuckDbSelect;
import dev.attune.data.sql.JdbcDrivers;
import dev.attune.data.sql.JdbcParameters;
import dev.attune.data.sql.JdbcUrl;
import dev.attune.data.sql.SqlSelect;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Any JDBC source: connect, ask, and what messages say of it. */
final class Jdbc {
    private static final int TITLE_LENGTH = 60;

    private Jdbc() {}

    /** A connection that only reads. */
    static Connection connect(String url) {
        return connect(url, null, null, true);
    }

    static Connection connect(String url, @Nullable String user, @Nullable String password, boolean readOnly) {
        JdbcUrl address = new JdbcUrl(url);
        try {
            return JdbcDrivers.connect(url, properties(address, user, password, readOnly));
        } catch (SQLException e) {
            SQLException clean = address.clean(e, password);
            throw new ConfigException("Cannot connect to " + address.shown() + ": " + firstPart(clean), clean);
        }
    }

    static Properties properties(JdbcUrl address, @Nullable String user, @Nullable String password, boolean readOnly) {
        Properties properties = new Properties();
        if (user != null) properties.setProperty("user", user);
        if (password != null) properties.setProperty("password", password);
        if (address.vendor().equals("duckdb")) {
            // Extensions would be downloaded at the first mention of a remote address: never without being asked.
            properties.setProperty("autoinstall_known_extensions", "false");
            properties.setProperty("autoload_known_extensions", "false");
            properties.setProperty("allow_community_extensions", "false");
            properties.setProperty("allow_persistent_secrets", "false");
            properties.setProperty("lock_configuration", "true");
            if (readOnly && isFile(address)) properties.setProperty("access_mode", "read_only");
        }
        if (readOnly && address.vendor().equals("h2") && JdbcParameters.runsHere(address)) {
            // H2 makes a database that is not there, and gives whoever asks the rights of its administrator.
            unlessSaid(address, "IFEXISTS", "TRUE", properties);
            unlessSaid(address, "ACCESS_MODE_DATA", "r", properties);
        }
        // SQLite's driver refuses setReadOnly later; 1 is its SQLITE_OPEN_READONLY.
        if (address.vendor().equals("sqlite") && readOnly) properties.setProperty("open_mode", "1");
        return properties;
    }

    /** H2 refuses a setting that the URL makes otherwise. */
    private static void unlessSaid(JdbcUrl url, String name, String value, Properties properties) {
        if (url.parameters().keySet().stream().noneMatch(name::equalsIgnoreCase)) properties.setProperty(name, value);
    }

    /** Whether a DuckDB URL names a database file; DuckDB refuses to open one in memory as read-only. */
    private static boolean isFile(JdbcUrl url) {
        String path = url.address().substring("jdbc:duckdb:".length());
        return !path.isEmpty() && !path.startsWith(":memory:") && !path.startsWith("memory:");
    }

    /** The rows of a query, on a connection of its own. */
    static Dataset read(
            String url, @Nullable String user, @Nullable String password, String sql, @Nullable Object... parameters) {
        TableBuilder table = new TableBuilder();
        try (Connection connection = connect(url, user, password, true)) {
            query(connection, sql, parameters, table);
        } catch (SQLException e) {
            JdbcUrl address = new JdbcUrl(url);
            SQLException clean = address.clean(e, password);
            throw new DataException(
                    "Closing the connection to " + address.shown() + " failed: " + firstPart(clean), clean);
        }
        return table.build(title(sql));
    }

    /** Adds the rows of a query that others wrote: it may only read. */
    static void query(Connection connection, String sql, @Nullable Object[] parameters, TableBuilder table) {
        try {
            String url = connection.getMetaData().getURL();
            String vendor = url == null ? "" : new JdbcUrl(url).vendor();
            if (connection.getMetaData().getDatabaseProductName().equals("DuckDB")) {
                DuckDb.query(connection, sql, parameters, table);
            } else {
                new JdbcRows(connection, vendor).read(SqlSelect.check(sql, vendor), parameters, table);
            }
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    static DataException failed(String sql, SQLException e) {
        return new DataException("The query failed: " + firstPart(e) + DuckDbSelect.query(sql), e);
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
