package dev.attune.data;

import dev.attune.config.Argument;
import dev.attune.data.sql.JdbcUrl;
import dev.attune.error.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows of a recipe come from: a text (file, pattern, or SQL on DuckDB), or a query on a database.
 *
 * <pre>{@code
 * train: reviews.csv
 * train:
 *   jdbc: jdbc:postgresql://host/shop
 *   query: SELECT body AS text, stars AS label FROM review
 *   user: reader
 *   password_env: SHOP_PASSWORD
 * }</pre>
 *
 * <p>A recipe is a file that one gets from others, so it is trusted less than code: its URL holds no password and none of
 * the parameters by which drivers load classes or run scripts, and its query only reads. Give it an account that has no
 * right to write all the same ({@link Datasets#jdbc}).
 */
public record DataSource(
        @Argument(
                group = GROUP,
                path = true,
                example = "train.csv",
                doc = "A file, a pattern for several (data/part-*.csv), or an SQL query on DuckDB. The short form of a"
                        + " source: it stands in place of the keys.")
        @Nullable
        String text,

        @Argument(
                group = GROUP,
                example = "jdbc:postgresql://host/shop",
                doc = "URL of a database, without password. The JDBC driver comes from the class path or from"
                        + " ATTUNE_JDBC_DRIVERS. Parameters of the URL that load classes or run scripts are refused.")
        @Nullable
        String jdbc,

        @Argument(
                group = GROUP,
                example = "SELECT body AS text, stars AS label FROM review",
                doc = "The rows, as one SELECT. It runs in a read-only transaction that is rolled back.")
        @Nullable
        String query,

        @Argument(group = GROUP, example = "reader", doc = "User of the database. One that may only read is best.")
        @Nullable
        String user,

        @Argument(
                group = GROUP,
                example = "SHOP_PASSWORD",
                doc = "Environment variable that holds the password. The password itself is written down nowhere.")
        @Nullable
        String passwordEnv,

        @Argument(
                group = GROUP,
                path = true,
                example = "/run/secrets/shop",
                doc = "File that holds the password. A line break at its end does not count.")
        @Nullable
        Path passwordFile) {

    private static final String GROUP = "Data";

    /** A file, a pattern for files or SQL on DuckDB, as {@link Datasets#read} takes it. */
    public static DataSource of(String fileGlobOrSql) {
        return new DataSource(fileGlobOrSql, null, null, null, null, null);
    }

    /** A query on a database that asks for no password. */
    public static DataSource jdbc(String url, String query) {
        return new DataSource(null, url, query, null, null, null);
    }

    /** A database as a whole, for a {@link TableWriter}: a source without query. */
    public static DataSource database(
            String url, @Nullable String user, @Nullable String passwordEnv, @Nullable Path passwordFile) {
        return new DataSource(null, url, null, user, passwordEnv, passwordFile);
    }

    /**
     * A sentence for each combination that makes no sense and each part of the URL that a recipe may not hold; none of
     * them shows a password. Whether the query only reads is seen by {@link #read()}.
     *
     * @param key what the sentences call the source: {@code train}
     */
    public List<String> mistakes(String key) {
        List<String> mistakes = new ArrayList<>();
        if (text != null) {
            for (String other : databaseKeys()) {
                mistakes.add(key + " is a text and has " + other + " as well. Use one of both forms.");
            }
            if (text.startsWith("jdbc:")) {
                mistakes.add(key + " is the URL of a database. Write it as " + key
                        + ".jdbc, and the SQL of the rows as " + key + ".query.");
            }
            return mistakes;
        }
        if (jdbc == null) {
            if (query == null) {
                mistakes.add(key + " is empty. Name a file, or a database with jdbc and query.");
            } else {
                mistakes.add(
                        key + ".query stands without jdbc. Add the URL of the database, or write the query in place"
                                + " of the keys to ask DuckDB.");
            }
            return mistakes;
        }
        if (query == null) mistakes.add(key + ".jdbc stands without query. Add the SELECT that gives the rows.");
        mistakes.addAll(login().mistakes(key));
        return mistakes;
    }

    private List<String> databaseKeys() {
        List<String> keys = new ArrayList<>();
        if (jdbc != null) keys.add("jdbc");
        if (query != null) keys.add("query");
        if (user != null) keys.add("user");
        if (passwordEnv != null) keys.add("password_env");
        if (passwordFile != null) keys.add("password_file");
        return keys;
    }

    DatabaseLogin login() {
        if (jdbc == null) throw new ConfigException("The data source names no database.");
        return new DatabaseLogin(jdbc, user, passwordEnv, passwordFile);
    }

    /**
     * The rows.
     *
     * @throws ConfigException for {@link #mistakes}, a missing driver, no connection, or a password that is not where it
     *     should be
     * @throws dev.attune.error.DataException as {@link Datasets#read} and {@link Datasets#jdbc} do
     */
    public Dataset read() {
        return read(DataCache.off());
    }

    /** As {@link #read()}; large files that have not changed since an earlier run come from {@code cache}. */
    public Dataset read(DataCache cache) {
        List<String> mistakes = mistakes("The data source");
        if (!mistakes.isEmpty()) throw new ConfigException(String.join("\n", mistakes));
        if (text != null) return Datasets.read(text, cache);
        DatabaseLogin login = login();
        if (query == null) throw new AssertionError("mistakes() says so");
        return Jdbc.read(login.jdbc(), user, login.password(System::getenv), query);
    }

    /** What records, cards and messages call the source: without user, password and parameters of the URL. */
    public String describe() {
        if (text != null) return text.startsWith("jdbc:") ? new JdbcUrl(text).shown() : text;
        String database = jdbc == null ? "" : new JdbcUrl(jdbc).shown();
        if (query == null) return database;
        return (database.isEmpty() ? "" : database + ", ") + Jdbc.title(query);
    }

    /** As {@link #describe()}, so that nothing secret gets into a log. */
    @Override
    public String toString() {
        return describe();
    }
}
