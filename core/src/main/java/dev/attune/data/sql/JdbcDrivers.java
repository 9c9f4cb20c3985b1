package dev.attune.data.sql;

import dev.attune.error.ConfigException;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the driver of a URL: on the class path, or in the jars that the system property {@value #PROPERTY} or the
 * environment variable {@value #VARIABLE} lists, separated as in a class path. A recipe cannot name one: a driver is code.
 */
public final class JdbcDrivers {
    public static final String PROPERTY = "attune.jdbc.drivers";
    public static final String VARIABLE = "ATTUNE_JDBC_DRIVERS";

    private static final Map<String, String> ARTIFACTS = Map.of(
            "duckdb", "org.duckdb:duckdb_jdbc",
            "postgresql", "org.postgresql:postgresql",
            "mysql", "com.mysql:mysql-connector-j",
            "mariadb", "org.mariadb.jdbc:mariadb-java-client",
            "sqlite", "org.xerial:sqlite-jdbc",
            "h2", "com.h2database:h2",
            "sqlserver", "com.microsoft.sqlserver:mssql-jdbc",
            "oracle", "com.oracle.database.jdbc:ojdbc17");

    /** The drivers of each list of jars that was asked for: loaded again they would be other classes, and never go. */
    private static final Map<String, List<Driver>> LOADED = new ConcurrentHashMap<>();

    private JdbcDrivers() {}

    public static Connection connect(String url, Properties properties) throws SQLException {
        Connection connection = connect(DriverManager.drivers().toList(), url, properties);
        String jars = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        if (connection == null && jars != null && !jars.isBlank()) {
            connection = connect(LOADED.computeIfAbsent(jars, JdbcDrivers::load), url, properties);
        }
        if (connection == null) throw none(new JdbcUrl(url));
        return connection;
    }

    private static @Nullable Connection connect(List<Driver> drivers, String url, Properties properties)
            throws SQLException {
        for (Driver driver : drivers) {
            if (!accepts(driver, url)) continue;
            Connection connection = driver.connect(url, properties);
            if (connection != null) return connection;
        }
        return null;
    }

    private static boolean accepts(Driver driver, String url) {
        try {
            return driver.acceptsURL(url);
        } catch (SQLException e) {
            return false;
        }
    }

    private static List<Driver> load(String jars) {
        List<URL> urls = new ArrayList<>();
        for (String jar : jars.split(Pattern.quote(File.pathSeparator))) {
            if (jar.isBlank()) continue;
            Path file = Path.of(jar.strip()).toAbsolutePath();
            if (!Files.isReadable(file)) {
                throw new ConfigException("The JDBC driver " + jar + " of " + PROPERTY + " or " + VARIABLE
                        + " does not exist or cannot be read.");
            }
            try {
                urls.add(file.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new ConfigException("The JDBC driver " + jar + " is no possible file.", e);
            }
        }
        // Never closed: drivers load classes for as long as a connection or one of their threads lives.
        ClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), JdbcDrivers.class.getClassLoader());
        try {
            return ServiceLoader.load(Driver.class, loader).stream()
                    .filter(provider -> provider.type().getClassLoader() == loader)
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (ServiceConfigurationError e) {
            throw new ConfigException("Cannot load a JDBC driver from " + jars + ": " + e.getMessage(), e);
        }
    }

    private static ConfigException none(JdbcUrl url) {
        if (!url.isJdbc()) {
            return new ConfigException(
                    "'" + url.shown() + "' is not a JDBC URL. Write it like jdbc:postgresql://host/database.");
        }
        @Nullable String artifact = ARTIFACTS.get(url.vendor());
        return new ConfigException("No JDBC driver for " + url.shown() + " is on the class path. Add the dependency "
                + (artifact == null ? "that has the driver of '" + url.vendor() + "'" : artifact)
                + ", or list its jar in the environment variable " + VARIABLE + " (or the system property "
                + PROPERTY + ").");
    }
}
