package dev.attune.data;

import static dev.attune.data.DatasetTest.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows from a real PostgreSQL: what they become, and that asking for them changes nothing. */
@ExtendWith(Postgres.Extension.class)
class PostgresTest {
    private Postgres postgres;

    @BeforeEach
    void reviews(Postgres postgres) throws SQLException {
        this.postgres = postgres;
        postgres.execute(
                "DROP TABLE IF EXISTS review, stolen CASCADE",
                "DROP SEQUENCE IF EXISTS ticket",
                "CREATE TABLE review (id int PRIMARY KEY, body text, stars int)",
                "INSERT INTO review VALUES (1, 'good', 5), (2, 'bad', 1), (3, NULL, 3)",
                "CREATE SEQUENCE ticket");
    }

    @Test
    void rowsWithParametersAndNull() {
        Dataset data = Datasets.jdbc(
                postgres.url(),
                "SELECT body AS text, stars AS label FROM review -- all ; of them\nWHERE id <= ? ORDER BY id;",
                3);
        assertThat(texts(data)).containsExactly("good", "bad", null);
        assertThat(data.value(0, "label")).isEqualTo(5L);
        assertThat(data.where(1)).isEqualTo("row 2");
        assertThat(texts(DataSource.jdbc(postgres.url(), "SELECT body AS text FROM review WHERE id = 1")
                        .read()))
                .containsExactly("good");
    }

    @Test
    void types() {
        TimeZone zone = TimeZone.getDefault();
        // In this zone 02:30 of this day does not exist, which must not change a time of day without zone.
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        try {
            Dataset data = Datasets.jdbc(postgres.url(), """
                    SELECT ARRAY['a', NULL, 'b'] AS texts, ARRAY[[1, 2], [3, 4]] AS matrix, ARRAY[]::int[] AS none,
                        '{"a": [1, null, {"b": 0.5}]}'::json AS j, '{"b": true}'::jsonb AS jb, 'null'::jsonb AS jn,
                        NULL::jsonb AS jnull, ARRAY['{"c": 1}'::jsonb, NULL] AS js, 7::numeric AS whole,
                        1.25::numeric AS part, 3::smallint AS small, 4::bigint AS big, 0.5::real AS r, true AS flag,
                        'f47ac10b-58cc-4372-a567-0e02b2c3d479'::uuid AS id, DATE '2020-01-02' AS day,
                        TIMESTAMP '2020-03-29 02:30:00.25' AS moment, TIMESTAMPTZ '2020-03-29 02:30:00+00' AS instant,
                        '\\x6162'::bytea AS bytes, '<a/>'::xml AS x, NULL::int[] AS nulls, ROW(1, 'x')::review AS whole_row
                    """.replace("ROW(1, 'x')::review", "ROW(1, 'x', 2)::review"));
            assertThat(data.value(0, "texts")).isEqualTo(Arrays.asList("a", null, "b"));
            assertThat(data.value(0, "matrix")).isEqualTo(List.of(List.of(1L, 2L), List.of(3L, 4L)));
            assertThat(data.value(0, "none")).isEqualTo(List.of());
            assertThat(data.value(0, "j")).isEqualTo(Map.of("a", Arrays.asList(1L, null, Map.of("b", 0.5))));
            assertThat(data.value(0, "jb")).isEqualTo(Map.of("b", true));
            assertThat(data.value(0, "jn")).isNull();
            assertThat(data.value(0, "jnull")).isNull();
            assertThat(data.value(0, "js")).isEqualTo(Arrays.asList(Map.of("c", 1L), null));
            assertThat(data.value(0, "whole")).isEqualTo(7L);
            assertThat(data.value(0, "part")).isEqualTo(1.25);
            assertThat(data.value(0, "small")).isEqualTo(3L);
            assertThat(data.value(0, "big")).isEqualTo(4L);
            assertThat(data.value(0, "r")).isEqualTo(0.5);
            assertThat(data.value(0, "flag")).isEqualTo(true);
            assertThat(data.value(0, "id")).isEqualTo("f47ac10b-58cc-4372-a567-0e02b2c3d479");
            assertThat(data.value(0, "day")).isEqualTo("2020-01-02");
            assertThat(data.value(0, "moment")).isEqualTo("2020-03-29 02:30:00.25");
            assertThat(data.value(0, "instant")).isEqualTo("2020-03-29T02:30Z");
            assertThat(data.value(0, "bytes")).isEqualTo(new byte[] {'a', 'b'});
            assertThat(data.value(0, "x")).isEqualTo("<a/>");
            assertThat(data.value(0, "nulls")).isNull();
            assertThat(data.value(0, "whole_row")).isEqualTo("(1,x,2)");
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1; COMMIT; DELETE FROM review",
                "SELECT 1; DELETE FROM review; COMMIT",
                "DELETE FROM review",
                "COPY review TO PROGRAM 'touch %s'",
                "COPY review TO '%s'",
                "SELECT 1; COPY review TO PROGRAM 'touch %s'",
                "SELECT 1 /* /* */ ; DELETE FROM review; -- */",
                "SELECT 1 --\n; DELETE FROM review",
                "SELECT 1 -- \r; DELETE FROM review",
                "SELECT $a$, ' $a$; DELETE FROM review; COMMIT; --'",
                "SELECT $$, ' $$; DELETE FROM review; COMMIT; --'",
                "SELECT E'\\', '; DELETE FROM review; COMMIT; --'",
                "SELECT '\\', '; DELETE FROM review; COMMIT; --'",
                "SELECT \"a\\\", '; DELETE FROM review; --'",
                "SELECT 1 ` ' ` ; DELETE FROM review; --'",
                "WITH x AS (DELETE FROM review RETURNING *) SELECT * FROM x",
                "WITH x AS MATERIALIZED (UPDATE review SET body = 'x' RETURNING *) SELECT * FROM x",
                "WITH x AS (INSERT INTO review VALUES (9, 'x', 1) RETURNING *) SELECT * FROM x",
                "WITH y AS (SELECT 1), x AS (WITH z AS (SELECT 1) DELETE FROM review RETURNING *) SELECT * FROM x",
                "WITH x AS (SELECT 1) DELETE FROM review",
                "WITH x AS (SELECT 1) INSERT INTO review SELECT 9, 'x', 1",
                "SELECT * FROM (WITH x AS (DELETE FROM review RETURNING *) SELECT * FROM x) y",
                "SELECT * INTO stolen FROM review",
                "SELECT * INTO TEMP stolen FROM review",
                "SELECT 1 UNION SELECT 2 INTO stolen",
                "SELECT * FROM review FOR UPDATE",
                "SELECT * FROM review FOR NO KEY UPDATE",
                "SELECT * FROM review FOR SHARE",
                "SELECT * FROM review FOR KEY SHARE SKIP LOCKED",
                "(SELECT * FROM review FOR UPDATE)",
                "SELECT * FROM (SELECT * FROM review FOR UPDATE) x",
                "CREATE TABLE stolen AS SELECT 1",
                "TRUNCATE review",
                "DROP TABLE review",
                "DO $$ BEGIN DELETE FROM review; END $$",
                "CALL p()",
                "EXPLAIN ANALYZE DELETE FROM review",
                "SET default_transaction_read_only = off",
                "BEGIN READ WRITE",
                "VACUUM review",
                "NOTIFY x",
                "LISTEN x",
                "LOCK TABLE review",
                "PREPARE p AS DELETE FROM review",
                "EXECUTE p",
                "REFRESH MATERIALIZED VIEW v",
                "",
                "  -- nothing"
            })
    void refusedBeforeItIsSent(String sql, @TempDir Path folder) throws Exception {
        Path target = folder.resolve("touched");
        String attack = sql.replace("%s", target.toString());
        assertThatThrownBy(() -> Datasets.jdbc(postgres.url(), attack))
                .isInstanceOf(DataException.class)
                .hasMessageNotContaining("The query failed"); // which the database would have said
        assertThatThrownBy(() -> DataSource.jdbc(postgres.url(), attack).read()).isInstanceOf(DataException.class);
        try (Connection connection = postgres.connect()) {
            assertThatThrownBy(() -> Datasets.jdbc(connection, attack)).isInstanceOf(DataException.class);
            assertThat(connection.getAutoCommit()).isTrue();
        }
        assertThat(postgres.ask("SELECT string_agg(id || coalesce(body, '-') || stars, ' ' ORDER BY id) FROM review"))
                .isEqualTo("1good5 2bad1 3-3");
        assertThat(postgres.ask("SELECT count(*) FROM pg_tables WHERE tablename = 'stolen'"))
                .isEqualTo("0");
        assertThat(target).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT 1; COMMIT; DELETE FROM review | but here are 3 statements (SELECT; COMMIT; DELETE). Remove the others.
            COPY review TO PROGRAM 'id'          | it is one SELECT, but this one begins with COPY.
            WITH x AS (DELETE FROM review RETURNING *) SELECT * FROM x | but this one holds DELETE.
            SELECT * INTO stolen FROM review     | but this one has INTO.
            SELECT * FROM review FOR UPDATE      | but this one locks rows (FOR UPDATE).
            SELECT $a$x$a$                       | holds a text in dollar quotes, which databases read in different ways
            SELECT * FROM review WHERE a = = 2   | knows (line 1, near =). If the database takes it, make a view
            """)
    void saysWhatItFound(String sql, String sentence) {
        assertThatThrownBy(() -> Datasets.jdbc(postgres.url(), sql))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(sentence)
                .hasMessageContaining("query: " + sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT nextval('ticket')",
                "SELECT set_config('transaction_read_only', 'off', true)",
                "SELECT setval('ticket', 5)",
                "SELECT query_to_xml('DELETE FROM review', true, true, '')",
                "SELECT wipe()"
            })
    void whatFunctionsTryTheReadOnlyTransactionRefuses(String sql) throws SQLException {
        postgres.execute(
                "CREATE OR REPLACE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM review; SELECT 1'");
        assertThatThrownBy(() -> Datasets.jdbc(postgres.url(), sql))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("The query failed");
        assertThat(postgres.ask("SELECT count(*) FROM review")).isEqualTo("3");
        assertThat(postgres.ask("SELECT last_value FROM ticket")).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT pg_sleep(0)::text AS a",
                "VALUES (1, 'a'), (2, 'b')",
                "TABLE review",
                "(SELECT 1)",
                "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n FROM r",
                "SELECT DISTINCT ON (stars) body, count(*) OVER (PARTITION BY stars) FROM review ORDER BY stars, id",
                "SELECT * FROM review TABLESAMPLE BERNOULLI (100)",
                "SELECT '{\"a\": 1}'::jsonb ->> 'a' AS a, ARRAY[1, 2] @> ARRAY[1] AS b",
                "SELECT body ~ '^\\w+$' AS word, E'a' AS e, \"body\" FROM review WHERE body ILIKE '%o%'",
                "SELECT 'DELETE FROM review; INTO' AS a, 'it''s -- no /* comment' AS b",
                "SELECT substring(body FROM 1 FOR 2), replace(body, 'a', 'b') FROM review",
                "SELECT g, u FROM generate_series(1, 2) AS g CROSS JOIN LATERAL unnest(ARRAY[g, g]) AS u",
                "SELECT body FROM review WHERE stars = ANY (ARRAY[1, 5]) ORDER BY random() LIMIT 1"
            })
    void whatReadsIsLetThrough(String sql) {
        assertThat(Datasets.jdbc(postgres.url(), sql).size()).isPositive();
    }

    @Test
    void theTransactionIsReadOnlyAndRolledBack() throws SQLException {
        assertThat(Datasets.jdbc(postgres.url(), "SELECT current_setting('transaction_read_only') AS ro")
                        .value(0, "ro"))
                .isEqualTo("on");
        try (Connection connection = postgres.connect()) {
            Datasets.jdbc(connection, "SELECT set_config('application_name', 'changed', false) AS a");
            assertThat(Datasets.jdbc(connection, "SELECT current_setting('application_name') AS a")
                            .value(0, "a"))
                    .isNotEqualTo("changed");
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(connection.isReadOnly()).isFalse();
        }
    }

    @Test
    void aTransactionOfTheCallerIsLeftAlone() throws SQLException {
        try (Connection connection = postgres.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO review VALUES (4, 'new', 2)");
            assertThat(texts(Datasets.jdbc(connection, "SELECT body AS text FROM review WHERE id = 4")))
                    .containsExactly("new");
            connection.commit();
        }
        assertThat(postgres.ask("SELECT count(*) FROM review")).isEqualTo("4");
    }

    @Test
    void aConnectionThatBreaksNamesTheRow() {
        // Row 5000 ends the very connection that reads it; 5 batches of 1000 rows came before.
        Throwable broken = catchThrowable(() -> Datasets.jdbc(
                postgres.url(),
                "SELECT i AS text, CASE WHEN i = 5500 THEN pg_terminate_backend(pg_backend_pid()) END AS gone"
                        + " FROM generate_series(1, 100000) AS i"));
        assertThat(broken)
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("The connection to the database broke after row 5000: ");
    }

    @Test
    void aMillionRows() {
        long before = usedHeap();
        Dataset data = Datasets.jdbc(
                postgres.url(),
                "SELECT 'review number ' || i AS text, i % 5 AS label FROM generate_series(1, 1000000) AS i");
        assertThat(data.size()).isEqualTo(1_000_000);
        assertThat(data.value(999_999, "text")).isEqualTo("review number 1000000");
        assertThat(data.value(123_456, "label")).isEqualTo(2L);
        long bytesPerRow = (usedHeap() - before) / 1_000_000;
        assertThat(bytesPerRow).as("bytes of heap that a row keeps").isLessThan(200);
        assertThat(data.where(999_999)).isEqualTo("row 1000000");
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aQueryThatFailsMidwayNamesTheRow() {
        assertThatThrownBy(() -> Datasets.jdbc(
                        postgres.url(), "SELECT 1 / (2500 - i) AS text FROM generate_series(1, 100000) AS i"))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("The query failed after row 2000: ")
                .hasMessageContaining("division by zero");
    }

    @Test
    void wrongSqlHasTheWordsOfTheDatabase() {
        assertThatThrownBy(() -> Datasets.jdbc(postgres.url(), "SELECT nope FROM review"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("The query failed")
                .hasMessageContaining("nope");
        assertThatThrownBy(() -> Datasets.jdbc(postgres.url(), "SELECT body FROM review WHERE false"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("has no rows, only the columns body");
    }

    @Test
    void passwordsComeFromAFileAndAreNeverShown(@TempDir Path folder) throws Exception {
        postgres.execute(
                "DROP ROLE IF EXISTS reader",
                "CREATE ROLE reader LOGIN PASSWORD 'hunter2-secret'",
                "GRANT SELECT ON review TO reader");
        Path file = Files.writeString(folder.resolve("pw"), "hunter2-secret\n");
        String url = postgres.url().replace("?user=postgres", "");
        DataSource source =
                new DataSource(null, url, "SELECT body AS text FROM review WHERE id = 1", "reader", null, file);
        assertThat(texts(source.read())).containsExactly("good");
        assertThat(source.toString()).isEqualTo(source.describe());
        assertThat(source.describe()).startsWith(url + ", query \"SELECT body").doesNotContain("reader", "pw");
        DataSource nobody = new DataSource(null, url + "x", "SELECT 1", "nobody-here", null, file);
        assertThatThrownBy(nobody::read)
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("Cannot connect to " + url + "x: ")
                .hasMessageNotContaining("hunter2");
        postgres.execute("DROP OWNED BY reader", "DROP ROLE reader");
    }
}
