package dev.attune.data;

import static dev.attune.data.DatasetTest.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.sql.JdbcDrivers;
import dev.attune.error.ConfigException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcDriversTest {
    // A driver that is on no class path: it hands jdbc:toy: on to DuckDB.
    private static final String TOY = """
            package toy;
            import java.sql.*;
            import java.util.*;
            public class ToyDriver implements Driver {
                static { System.setProperty("toy.loaded", "" + (Integer.getInteger("toy.loaded", 0) + 1)); }
                public Connection connect(String url, Properties info) throws SQLException {
                    return acceptsURL(url) ? DriverManager.getConnection("jdbc:duckdb:") : null;
                }
                public boolean acceptsURL(String url) { return url.startsWith("jdbc:toy:"); }
                public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) { return new DriverPropertyInfo[0]; }
                public int getMajorVersion() { return 1; }
                public int getMinorVersion() { return 0; }
                public boolean jdbcCompliant() { return false; }
                public java.util.logging.Logger getParentLogger() { return null; }
            }
            """;

    @TempDir
    Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(JdbcDrivers.PROPERTY);
        System.clearProperty("toy.loaded");
    }

    @Test
    void aDriverFromAJar() throws IOException {
        Path jar = jar();
        assertThatThrownBy(() -> Datasets.jdbc("jdbc:toy:", "SELECT 'x' AS text"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("No JDBC driver for jdbc:toy: is on the class path. Add the dependency that has the driver"
                        + " of 'toy', or list its jar in the environment variable ATTUNE_JDBC_DRIVERS (or the system"
                        + " property attune.jdbc.drivers).");
        System.setProperty(JdbcDrivers.PROPERTY, File.pathSeparator + jar);
        assertThat(texts(Datasets.jdbc("jdbc:toy:", "SELECT 'x' AS text"))).containsExactly("x");
        assertThat(texts(DataSource.jdbc("jdbc:toy:", "SELECT 'x' AS text").read()))
                .containsExactly("x");
    }

    @Test
    void aJarIsLoadedOnceAndTheClassPathComesFirst() throws IOException {
        System.setProperty(JdbcDrivers.PROPERTY, jar().toString());
        System.clearProperty("toy.loaded");
        for (int i = 0; i < 2; i++) Datasets.jdbc("jdbc:toy:", "SELECT 'x' AS text");
        assertThat(System.getProperty("toy.loaded")).isEqualTo("1");
        System.setProperty(JdbcDrivers.PROPERTY, folder.resolve("no.jar").toString());
        assertThat(texts(Datasets.jdbc("jdbc:duckdb:", "SELECT 'x' AS text"))).containsExactly("x");
    }

    @Test
    void aJarThatIsMissing() {
        System.setProperty(JdbcDrivers.PROPERTY, folder.resolve("no.jar").toString());
        assertThatThrownBy(() -> Datasets.jdbc("jdbc:toy:", "SELECT 1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no.jar")
                .hasMessageContaining("does not exist or cannot be read");
    }

    @Test
    void aJarWithoutDriver() throws IOException {
        Path empty = folder.resolve("empty.jar");
        new JarOutputStream(Files.newOutputStream(empty)).close();
        System.setProperty(JdbcDrivers.PROPERTY, empty.toString());
        assertThatThrownBy(() -> Datasets.jdbc("jdbc:toy:", "SELECT 1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("No JDBC driver for jdbc:toy:");
    }

    private Path jar() throws IOException {
        Path source = Files.writeString(folder.resolve("ToyDriver.java"), TOY);
        int failures = ToolProvider.getSystemJavaCompiler()
                .run(null, OutputStream.nullOutputStream(), null, "-d", folder.toString(), source.toString());
        assertThat(failures).isZero();
        Path jar = folder.resolve("toy.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("toy/ToyDriver.class"));
            out.write(Files.readAllBytes(folder.resolve("toy/ToyDriver.class")));
            out.putNextEntry(new JarEntry("META-INF/services/java.sql.Driver"));
            out.write("toy.ToyDriver\n".getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }
}
