package dev.attune.data;

import static dev.attune.data.DatasetTest.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a data query tries to change, it is refused before it runs, and nothing has changed. */
class DuckDbSelectTest {
    @TempDir
    Path folder;

    @BeforeEach
    void database() throws SQLException {
        duck(
                "CREATE TABLE t AS SELECT unnest(['x', 'y']) AS text",
                "CREATE SEQUENCE s",
                "CREATE VIEW harmless AS SELECT text FROM t",
                "CREATE MACRO twice(x) AS x || x",
                "CREATE MACRO rows_of(n) AS TABLE SELECT text FROM t LIMIT n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT 1 AS x; COPY (SELECT 1) TO '%s'                        | here are 2 statements (SELECT; COPY)
            SELECT 1; SELECT 2                                            | here are 2 statements (SELECT; SELECT)
            SELECT 1 /* ; */ ; COPY (SELECT 1) TO '%s' -- ;               | here are 2 statements (SELECT; COPY)
            COPY (SELECT 1) TO '%s'                                       | begins with COPY
            /* SELECT */ COPY (SELECT 1) TO '%s'                          | begins with COPY
            (COPY (SELECT 1) TO '%s')                                     | syntax error
            CREATE TABLE new AS SELECT 1                                  | begins with CREATE
            INSERT INTO t VALUES ('z')                                    | begins with INSERT
            UPDATE t SET text = 'z'                                       | begins with UPDATE
            DELETE FROM t                                                 | begins with DELETE
            TRUNCATE t                                                    | begins with TRUNCATE
            DROP TABLE t                                                  | begins with DROP
            ALTER TABLE t ADD COLUMN z INT                                | begins with ALTER
            MERGE INTO t USING t AS u ON true WHEN MATCHED THEN DELETE    | begins with MERGE
            ATTACH '%s' AS other                                          | begins with ATTACH
            DETACH t                                                      | begins with DETACH
            USE memory                                                    | begins with USE
            INSTALL httpfs                                                | begins with INSTALL
            LOAD httpfs                                                   | begins with LOAD
            PRAGMA enable_profiling                                       | begins with PRAGMA
            SET threads = 1                                               | begins with SET
            RESET threads                                                 | begins with RESET
            EXPORT DATABASE '%s'                                          | begins with EXPORT
            IMPORT DATABASE '%s'                                          | begins with IMPORT
            CALL enable_logging()                                         | begins with CALL
            CHECKPOINT                                                    | begins with CHECKPOINT
            VACUUM                                                        | begins with VACUUM
            BEGIN                                                         | begins with BEGIN
            COMMIT                                                        | begins with COMMIT
            PREPARE p AS SELECT 1                                         | begins with PREPARE
            EXECUTE p                                                     | begins with EXECUTE
            EXPLAIN ANALYZE SELECT 1                                      | begins with EXPLAIN
            CREATE SECRET (TYPE s3)                                       | begins with CREATE
            WITH x AS (SELECT 1) INSERT INTO t SELECT 'z'                 | begins with WITH
            WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x         | A data query only reads
            WITH x AS (COPY t TO '%s') SELECT * FROM x                    | query failed
            SELECT 1 INTO new                                             | SELECT INTO
            SELECT * FROM t FOR UPDATE                                    | locking
            PIVOT (SELECT 1 AS a, 2 AS b) ON a USING sum(b)               | PIVOT … ON column IN
            SELECT * FROM (PIVOT (SELECT 1 AS a, 2 AS b) ON a USING sum(b)) | PIVOT … ON column IN
            SELECT * FROM enable_logging(storage = 'file', storage_config = {'path': '%s'}) | function enable_logging is not
            SELECT * FROM main."ENABLE_Logging"(storage = 'file', storage_config = {'path': '%s'}) | enable_logging
            SELECT (SELECT count(*) FROM enable_logging(storage = 'file', storage_config = {'path': '%s'})) | enable_logging
            FROM t, LATERAL (FROM enable_logging())                       | enable_logging
            WITH x AS (FROM enable_logging()) SELECT 1                    | enable_logging
            SELECT * FROM enable_profiling(save_location = '%s')          | enable_profiling
            SELECT * FROM checkpoint()                                    | checkpoint
            FROM (SUMMARIZE FROM enable_logging())                        | enable_logging
            FROM (DESCRIBE FROM enable_logging())                         | enable_logging
            FROM (VALUES ((SELECT count(*) FROM enable_logging()))) v     | enable_logging
            SELECT 1 LIMIT (SELECT count(*) FROM enable_logging())        | enable_logging
            SELECT [x FOR x IN (SELECT list(s) FROM enable_logging() s)]  | enable_logging
            SELECT sum(1) OVER (ORDER BY (SELECT 1 FROM enable_logging())) | enable_logging
            SELECT * FROM truncate_duckdb_logs()                          | truncate_duckdb_logs
            SELECT * FROM query('FROM enable_logging()')                  | function query is not
            SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1')) | json_execute_serialized_sql
            SELECT * FROM duckdb_secrets()                                | duckdb_secrets
            SELECT nextval('s')                                           | nextval
            SELECT write_log('x')                                         | write_log
            """)
    void refused(String sql, String found) throws Exception {
        Path target = folder.resolve("written.csv");
        String attack = sql.replace("%s", target.toString());
        List<Path> before = files();
        for (String url : List.of("jdbc:duckdb:", url())) {
            assertThatThrownBy(() -> Datasets.jdbc(url, attack))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(found);
            assertThat(files()).isEqualTo(before);
        }
        // On a connection that may write, too.
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> Datasets.jdbc(connection, attack))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(found);
            try (ResultSet rows = statement.executeQuery("SELECT count(*), min(text), max(text) FROM t")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(2);
                assertThat(rows.getString(2) + rows.getString(3)).isEqualTo("xy");
            }
        }
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void theAttackOfTheIssue() throws IOException {
        Path target = folder.resolve("f.csv");
        assertThatThrownBy(() -> Datasets.read("SELECT 1 AS x; COPY (SELECT 1) TO '" + target + "'"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Remove the others");
        assertThat(target).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM sneaky",
                "SELECT * FROM sneaky_rows()",
                "SELECT sneaky_value()",
                "SELECT text FROM t WHERE (SELECT count(*) FROM sneaky) > 1",
                "SELECT * FROM sneaky WHERE ? = 1"
            })
    void viewsAndMacrosOfADatabaseAreLookedInto(String sql) throws Exception {
        Path logs = folder.resolve("logs");
        String call = "FROM enable_logging(storage = 'file', storage_config = {'path': '" + logs + "'})";
        duck(
                "CREATE VIEW sneaky AS SELECT * " + call,
                "CREATE MACRO sneaky_rows() AS TABLE SELECT * " + call,
                "CREATE MACRO sneaky_value() AS (SELECT count(*) " + call + ")");
        Object[] parameters = sql.contains("?") ? new Object[] {1} : new Object[0];
        assertThatThrownBy(() -> Datasets.jdbc(url(), sql, parameters))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("function enable_logging is not");
        assertThat(logs).doesNotExist();
    }

    @Test
    void whatReadsStillReads() throws IOException {
        Path csv = Files.writeString(folder.resolve("a.csv"), "text,label\nx,1\ny,0\n");
        Path text = Files.writeString(folder.resolve("a.txt"), "all of it");
        String file = "'" + csv + "'";
        assertThat(texts(Datasets.read("SELECT text FROM " + file + "; -- done")))
                .containsExactly("x", "y");
        assertThat(texts(Datasets.read("SELECT text FROM " + file + " /* ; */ ; ; ")))
                .containsExactly("x", "y");
        assertThat(texts(Datasets.read("FROM read_csv(" + file + ", all_varchar = true) WHERE label = '0'")))
                .containsExactly("y");
        assertThat(texts(Datasets.read("SELECT content AS text FROM read_text('" + text + "')")))
                .containsExactly("all of it");
        assertThat(texts(Datasets.read("SELECT 'a;b''; COPY' AS text UNION ALL SELECT $$;'$$")))
                .containsExactly("a;b'; COPY", ";'");
        assertThat(texts(Datasets.read("SELECT E'\\' -- ' AS text, [1] AS l"))).containsExactly("' -- ");
        assertThat(texts(Datasets.read("select unnest(list_transform(['a'], lambda x: x || '!')) AS text")))
                .containsExactly("a!");
        assertThat(texts(Datasets.read("SELECT i::VARCHAR AS text FROM range(2) r(i), generate_series(1, 2)")))
                .containsExactlyInAnyOrder("0", "0", "1", "1");
        assertThat(Datasets.read("SELECT * FROM (SELECT 1 AS a, 2 AS b) PIVOT (sum(b) FOR a IN (1))")
                        .columns())
                .containsExactly("1");
        assertThat(texts(Datasets.jdbc(url(), "SELECT twice(text) AS text FROM harmless WHERE text = ?", "x")))
                .containsExactly("xx");
        assertThat(texts(Datasets.jdbc(url(), "FROM rows_of(1)"))).containsExactly("x");
        assertThat(Datasets.jdbc(url(), "VALUES (1, 2)").columns()).containsExactly("col0", "col1");
    }

    @Test
    void anEmptyQuery() {
        assertThatThrownBy(() -> Datasets.jdbc("jdbc:duckdb:", " -- nothing"))
                .isInstanceOf(DataException.class)
                .hasMessage("The query is empty. Write one SELECT.");
    }

    @Test
    void theConfigurationIsLocked() {
        Dataset settings = Datasets.jdbc(
                url(),
                "SELECT name, value FROM duckdb_settings() WHERE name IN ('access_mode', 'allow_community_extensions',"
                        + " 'allow_persistent_secrets', 'lock_configuration') ORDER BY name");
        assertThat(List.of(0, 1, 2, 3))
                .extracting(row -> settings.value(row, "value"))
                .containsExactly("read_only", "false", "false", "true");
    }

    @Test
    void aDatabaseThatIsMissingIsNotMade() {
        Path missing = folder.resolve("missing.db");
        assertThatThrownBy(() -> Datasets.jdbc("jdbc:duckdb:" + missing, "SELECT 1"))
                .hasMessageContaining("does not exist");
        assertThat(missing).doesNotExist();
    }

    /** What is no file and begins like a statement is told that a query only reads, not that a file is missing. */
    @Test
    void otherStatementsAreRefusedAsQueries() throws IOException {
        List<Path> before = files();
        for (String sql :
                List.of("COPY (SELECT 1) TO 'x.csv'", "drop table review", "ATTACH 'x.db'", "PRAGMA version")) {
            assertThatThrownBy(() -> Datasets.read(sql))
                    .as(sql)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("only reads");
        }
        assertThat(files()).isEqualTo(before);
    }

    private String url() {
        return "jdbc:duckdb:" + folder.resolve("shop.db");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> here = Files.list(Path.of("").toAbsolutePath());
                Stream<Path> there = Files.walk(folder)) {
            return Stream.concat(here, there)
                    .filter(path -> !path.toString().endsWith(".wal"))
                    .sorted()
                    .toList();
        }
    }

    private void duck(String... sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            for (String one : sql) statement.execute(one);
        }
    }
}
