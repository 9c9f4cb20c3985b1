package dev.attune.data;

import static dev.attune.data.DatasetTest.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.attune.data.sql.JdbcUrl;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcTest {
    @Test
    void queriesAnyConnectionWithParameters() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            Dataset data = Datasets.jdbc(
                    connection,
                    "SELECT 'a' || ? AS text, 3::DECIMAL(9,0) AS label, DATE '2020-01-02' AS day, 'x'::BLOB AS b",
                    "b");
            assertThat(data.value(0, "text")).isEqualTo("ab");
            assertThat(data.value(0, "label")).isEqualTo(3L);
            assertThat(data.value(0, "day")).isEqualTo("2020-01-02");
            assertThat(data.value(0, "b")).isEqualTo(new byte[] {'x'});
            assertThat(data.where(0)).isEqualTo("row 1");
            assertThat(data.name())
                    .startsWith("query \"SELECT 'a' || ? AS text")
                    .endsWith("…\"");
            assertThat(connection.isClosed()).isFalse();
        }
        assertThat(texts(Datasets.jdbc("jdbc:duckdb:", "SELECT unnest(['x', 'y']) AS text")))
                .containsExactly("x", "y");
    }

    @Test
    void sqlStringsRunOnDuckDb(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a.csv"), "text,label\nx,1\ny,0\n");
        assertThat(texts(Datasets.read(" select text from '" + file + "' where label = 0 ;")))
                .containsExactly("y");
        assertThat(texts(Datasets.read("FROM '" + file + "'"))).containsExactly("x", "y");
        assertThat(texts(Datasets.read("with t as (from '" + file + "')\nselect * from t order by text desc")))
                .containsExactly("y", "x");
        Dataset nested = Datasets.read("SELECT {'a': [1]} AS s, MAP {'k': 2} AS m, [3] AS l, 'z' AS text -- comment");
        assertThat(nested.value(0, "s")).isEqualTo(Map.of("a", List.of(1L)));
        assertThat(nested.value(0, "m")).isEqualTo(Map.of("k", 2L));
        assertThat(nested.value(0, "l")).isEqualTo(List.of(3L));
    }

    /** H2 makes a database that is not there; its driver refuses a setting twice. */
    @Test
    void h2IsOpenedForReading() {
        assertThat(h2("jdbc:h2:./shop", true))
                .containsExactlyEntriesOf(
                        new TreeMap<>(Map.of("ACCESS_MODE_DATA", "r", "IFEXISTS", "TRUE", "user", "jane")));
        assertThat(h2("jdbc:h2:./shop;ifexists=FALSE", true)).doesNotContainKey("IFEXISTS");
        assertThat(h2("jdbc:h2:./shop", false)).containsOnlyKeys("user");
        assertThat(h2("jdbc:h2:tcp://host/shop", true)).containsOnlyKeys("user");
    }

    private static Map<String, Object> h2(String url, boolean readOnly) {
        Map<String, Object> properties = new TreeMap<>();
        Jdbc.properties(new JdbcUrl(url), "jane", null, readOnly).forEach((k, v) -> properties.put(k.toString(), v));
        return properties;
    }

    @Test
    void wrongSql() {
        assertThatThrownBy(() -> Datasets.read("SELECT nope FROM (SELECT 1 AS note)"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("The query failed")
                .hasMessageContaining("nope")
                .hasMessageContaining("query: SELECT nope FROM (SELECT 1 AS note)");
        assertThatThrownBy(() -> Datasets.read("FROM 'nowhere-at-all.csv'"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("nowhere-at-all.csv")
                .hasMessageNotContaining("unsuccessful or closed");
        assertThatThrownBy(() -> Datasets.jdbc("jdbc:duckdb:", "SELEC 1"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("syntax error");
        assertThatThrownBy(() -> Datasets.read("SELECT 1 AS a, 2 AS a"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("two columns named 'a'");
        assertThatThrownBy(() -> Datasets.read("SELECT 1 AS a WHERE false"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("has no rows, only the columns a");
        assertThatThrownBy(() -> Datasets.read("SELECT [1] AS a WHERE false"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("has no rows");
    }

    @Test
    void duckDbInstallsNothingFromTheNetwork() {
        Dataset settings = Datasets.read("SELECT name, value FROM duckdb_settings()"
                + " WHERE name IN ('autoinstall_known_extensions', 'autoload_known_extensions')");
        assertThat(settings.size()).isEqualTo(2);
        assertThat(settings.value(0, "value")).isEqualTo("false");
        assertThat(settings.value(1, "value")).isEqualTo("false");
        assertThatThrownBy(() -> Datasets.read("FROM read_csv('https://example.invalid/a.csv')"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("httpfs");
    }

    @Test
    void missingDriverNamesTheArtifact() {
        assertThatThrownBy(() -> Datasets.jdbc("jdbc:mysql://me:secret@host/db?password=secret", "SELECT 1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("com.mysql:mysql-connector-j")
                .hasMessageContaining("jdbc:mysql://host/db")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> Datasets.jdbc("jdbc:odd:x", "SELECT 1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the driver of 'odd'");
        assertThatThrownBy(() -> Datasets.jdbc("postgres://host/db", "SELECT 1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is not a JDBC URL");
        assertThatThrownBy(() -> Datasets.jdbc("jdbc:duckdb:/no/such/folder/x.db", "SELECT 1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Cannot connect to jdbc:duckdb:/no/such/folder/x.db");
    }

    @Test
    void withoutDuckDbOnlyWhatNeedsItFails(@TempDir Path folder) throws Exception {
        Path csv = Files.writeString(folder.resolve("a.csv"), "text,label\nx,1\n");
        Path zstd = Files.write(folder.resolve("b.csv.zst"), Zstd.compress(Files.readAllBytes(csv)));
        Path parquet = Files.writeString(folder.resolve("a.parquet"), "x");
        List<Driver> drivers = Collections.list(DriverManager.getDrivers());
        for (Driver driver : drivers) DriverManager.deregisterDriver(driver);
        try {
            assertThat(texts(Datasets.read(csv.toString()))).containsExactly("x");
            assertThat(texts(Datasets.read(zstd.toString()))).containsExactly("x");
            assertThatThrownBy(() -> Datasets.read("SELECT 1"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("org.duckdb:duckdb_jdbc");
            assertThatThrownBy(() -> Datasets.read(parquet.toString()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("Reading a.parquet needs DuckDB")
                    .hasMessageContaining("org.duckdb:duckdb_jdbc");
        } finally {
            for (Driver driver : drivers) DriverManager.registerDriver(driver);
        }
    }

    @Test
    void secretsAreTakenOutOfAddresses() {
        assertThat(new JdbcUrl("jdbc:sqlserver://h:1433;user=a;password=b").shown())
                .isEqualTo("jdbc:sqlserver://h:1433");
        assertThat(new JdbcUrl("jdbc:oracle:thin:scott/tiger@//h:1521/x").shown())
                .doesNotContain("tiger");
        assertThat(new JdbcUrl("jdbc:duckdb:/data/my.db").shown()).isEqualTo("jdbc:duckdb:/data/my.db");
    }
}
