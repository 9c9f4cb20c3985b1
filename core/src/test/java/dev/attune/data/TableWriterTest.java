package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.TableWriter.Column;
import dev.attune.data.TableWriter.Kind;
import dev.attune.data.sql.JdbcUrl;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one way to write, on PostgreSQL and on DuckDB. */
@ExtendWith(Postgres.Extension.class)
class TableWriterTest {
    private static final List<Column> COLUMNS = List.of(
            new Column("text", Kind.TEXT),
            new Column("score", Kind.DOUBLE),
            new Column("row", Kind.LONG),
            new Column("right", Kind.BOOLEAN),
            new Column("scores", Kind.NESTED));

    @TempDir
    Path folder;

    private Postgres postgres;

    @BeforeEach
    void start(Postgres postgres) throws SQLException {
        this.postgres = postgres;
        execute("postgresql", "DROP TABLE IF EXISTS prediction CASCADE", "DROP SCHEMA IF EXISTS other CASCADE");
    }

    private String url(String vendor) {
        return vendor.equals("postgresql") ? postgres.url() : "jdbc:duckdb:" + folder.resolve("shop.duckdb");
    }

    private void execute(String vendor, String... sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(vendor));
                Statement statement = connection.createStatement()) {
            for (String one : sql) statement.execute(one);
        }
    }

    private TableWriter open(String vendor, String table, List<Column> columns) {
        return TableWriter.open(DataSource.database(url(vendor), null, null, null), table, columns);
    }

    private static Map<String, Object> row(Object... pairs) {
        Map<String, Object> row = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) row.put((String) pairs[i], pairs[i + 1]);
        return row;
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "duckdb"})
    void whatTheMessageSaysWorks(String vendor) throws SQLException {
        String create = "";
        execute(vendor, "SELECT 1");
        try {
            open(vendor, "prediction", COLUMNS).close();
        } catch (ConfigException e) {
            assertThat(e).hasMessageStartingWith("There is no table prediction in " + new JdbcUrl(url(vendor)).shown());
            create = e.getMessage().substring(e.getMessage().indexOf("CREATE TABLE"));
        }
        execute(vendor, create);
        try (TableWriter writer = open(vendor, "prediction", COLUMNS)) {
            writer.write(row(
                    "text",
                    "it's \"x\"; é😀",
                    "score",
                    0.25,
                    "row",
                    7,
                    "right",
                    true,
                    "scores",
                    List.of(Map.of("label", "a", "score", 0.5))));
            writer.write(row("text", 3, "score", 1, "row", 8L));
            writer.write(row());
            assertThat(writer.rows()).isEqualTo(3);
            writer.commit();
        }
        Dataset back = Datasets.jdbc(url(vendor), "SELECT * FROM prediction ORDER BY \"row\" NULLS LAST");
        assertThat(back.columns()).containsExactly("text", "score", "row", "right", "scores");
        assertThat(back.value(0, "text")).isEqualTo("it's \"x\"; é😀");
        assertThat(back.value(0, "score")).isEqualTo(0.25);
        assertThat(back.value(0, "row")).isEqualTo(7L);
        assertThat(back.value(0, "right")).isEqualTo(true);
        assertThat(back.value(0, "scores")).isEqualTo(List.of(Map.of("label", "a", "score", 0.5)));
        assertThat(back.value(1, "text")).isEqualTo("3");
        assertThat(back.value(1, "score")).isEqualTo(1.0);
        for (String column : back.columns()) assertThat(back.value(2, column)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "duckdb"})
    void manyRowsAreOneTransaction(String vendor) throws SQLException {
        execute(vendor, "CREATE TABLE prediction (id BIGINT PRIMARY KEY)");
        List<Column> id = List.of(new Column("id", Kind.LONG));
        try (TableWriter writer = open(vendor, "prediction", id)) {
            for (int i = 0; i < 2500; i++) writer.write(Map.of("id", i));
        } // no commit
        assertThat(count(vendor)).isZero();
        try (TableWriter writer = open(vendor, "prediction", id)) {
            for (int i = 0; i < 2500; i++) writer.write(Map.of("id", i));
            writer.commit();
        }
        assertThat(count(vendor)).isEqualTo(2500);
        assertThatThrownBy(() -> {
                    try (TableWriter writer = open(vendor, "prediction", id)) {
                        writer.write(Map.of("id", 3000));
                        writer.write(Map.of("id", 17));
                        writer.commit();
                    }
                })
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(
                        "Writing rows 1 to 2 to the table prediction failed, and none of them is kept: ")
                .hasMessageContaining("uplicate key");
        assertThat(count(vendor)).isEqualTo(2500);
    }

    private long count(String vendor) {
        return (Long) Datasets.jdbc(url(vendor), "SELECT count(*) AS n FROM prediction")
                .value(0, "n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "duckdb"})
    void namesAreQuoted(String vendor) throws SQLException {
        execute(
                vendor,
                "CREATE SCHEMA other",
                "CREATE TABLE other.\"My \"\"odd\"\" table_%\" (\"a;b'c\"\"d\" TEXT, extra TEXT DEFAULT 'e')",
                "CREATE TABLE other.\"My \"\"odd\"\" tableXX\" (x TEXT)");
        try (TableWriter writer =
                open(vendor, "other.My \"odd\" table_%", List.of(new Column("a;b'c\"d", Kind.TEXT)))) {
            writer.write(Map.of("a;b'c\"d", "'); DROP TABLE x; --"));
            writer.commit();
        }
        assertThat(Datasets.jdbc(url(vendor), "SELECT * FROM other.\"My \"\"odd\"\" table_%\"")
                        .value(0, "a;b'c\"d"))
                .isEqualTo("'); DROP TABLE x; --");
        assertThatThrownBy(() -> open(vendor, "x; DROP TABLE y", COLUMNS))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("CREATE TABLE \"x; DROP TABLE y\" (\"text\" TEXT");
        for (String bad : Arrays.asList("", " ", "a.b.c", ".x", "x.")) {
            assertThatThrownBy(() -> open(vendor, bad, COLUMNS))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("is no name of a table");
        }
        execute(vendor, "DROP SCHEMA other CASCADE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "duckdb"})
    void lettersMatchInEitherCase(String vendor) throws SQLException {
        execute(vendor, "CREATE TABLE prediction (label TEXT)");
        try (TableWriter writer = open(vendor, "Prediction", List.of(new Column("Label", Kind.TEXT)))) {
            writer.write(Map.of("Label", "x"));
            writer.commit();
        }
        assertThat(count(vendor)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "duckdb"})
    void aMissingColumn(String vendor) throws SQLException {
        execute(vendor, "CREATE TABLE prediction (text TEXT, score DOUBLE PRECISION)");
        assertThatThrownBy(() -> open(vendor, "prediction", COLUMNS))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("has the columns text, score, but not all that are to be written")
                .hasMessageContaining("ADD \"row\" BIGINT\n")
                .hasMessageContaining("ADD \"right\" BOOLEAN\n");
    }

    @Test
    void columnsOfOtherTypesOfPostgres() throws SQLException {
        execute(
                "postgresql",
                "DROP TYPE IF EXISTS mood CASCADE",
                "CREATE TYPE mood AS ENUM ('good', 'bad')",
                "CREATE TABLE prediction (m mood, j json, d numeric(5, 2), t varchar(3))");
        List<Column> columns = List.of(
                new Column("m", Kind.TEXT),
                new Column("j", Kind.NESTED),
                new Column("d", Kind.DOUBLE),
                new Column("t", Kind.TEXT));
        try (TableWriter writer = open("postgresql", "prediction", columns)) {
            writer.write(row("m", "good", "j", Map.of("a", 1), "d", 0.256, "t", "abc"));
            writer.write(row());
            writer.commit();
        }
        assertThat(postgres.ask("SELECT string_agg(concat_ws(' ', m, j, d, t), '; ') FROM prediction"))
                .isEqualTo("good {\"a\":1} 0.26 abc; ");
        try (TableWriter writer = open("postgresql", "prediction", columns)) {
            writer.write(row("t", "too long"));
            assertThatThrownBy(writer::commit).isInstanceOf(DataException.class).hasMessageContaining("value too long");
        }
        execute("postgresql", "DROP TABLE prediction", "DROP TYPE mood");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.5", "9223372036854775808", "NaN"})
    void aNumberIsNotCutToAWholeOne(String number) throws SQLException {
        execute("duckdb", "CREATE TABLE prediction (id BIGINT)");
        Number given = number.length() > 3 ? new BigInteger(number) : Double.valueOf(number);
        try (TableWriter writer = open("duckdb", "prediction", List.of(new Column("id", Kind.LONG)))) {
            writer.write(Map.of("id", 2.0));
            assertThatThrownBy(() -> writer.write(Map.of("id", given)))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith("The column id takes whole numbers of 64 bits, but got " + number);
            writer.commit();
        }
        assertThat(Datasets.jdbc(url("duckdb"), "SELECT id FROM prediction").value(0, "id"))
                .isEqualTo(2L);
    }

    @Test
    void mistakes() {
        assertThat(TableWriter.mistakes("output", DataSource.of("x.jsonl")))
                .containsExactly("output names no database. Add its URL as jdbc.");
        assertThat(TableWriter.mistakes("output", DataSource.jdbc("jdbc:duckdb:x.db", "SELECT 1")))
                .containsExactly("output.query is for reading. Name the table to write to instead.");
        assertThatThrownBy(() -> TableWriter.open(
                        DataSource.database("jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'x'", null, null, null), "t", COLUMNS))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("sets INIT");
    }
}
