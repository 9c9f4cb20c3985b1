package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.DataSource;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns that are kept beside the answers arrive as they were. */
class TableSinkTest {
    @TempDir
    Path folder;

    private Dataset rows(String... lines) throws IOException {
        return Datasets.read(
                Files.write(folder.resolve("rows.jsonl"), List.of(lines)).toString());
    }

    private String database(String create) throws SQLException {
        String url = "jdbc:duckdb:" + folder.resolve("answers.duckdb");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(create);
        }
        return url;
    }

    /** What the column {@code x} of the rows is in the table, which has it with this type. */
    private List<Object> kept(String type, Dataset rows) throws SQLException {
        String url = database("CREATE OR REPLACE TABLE answer (x " + type + ", label VARCHAR)");
        try (TableSink sink = new TableSink(DataSource.database(url, null, null, null), "answer", rows, List.of("x"))) {
            for (int row = 0; row < rows.size(); row++) sink.answer(row, Map.of(), Map.of("label", "good"));
            sink.commit();
        }
        Dataset back = Datasets.jdbc(url, "SELECT x FROM answer ORDER BY rowid");
        return List.of(back.value(0, "x"), back.value(1, "x"));
    }

    @Test
    void theKindIsThatOfAllValues() throws Exception {
        assertThat(kept("BIGINT", rows("{\"x\": 1}", "{\"x\": 9007199254740993}")))
                .containsExactly(1L, 9007199254740993L);
        assertThat(kept("DOUBLE", rows("{\"x\": 1}", "{\"x\": 2.5}"))).containsExactly(1.0, 2.5);
        assertThat(kept("VARCHAR", rows("{\"x\": 1}", "{\"x\": \"a\"}"))).containsExactly("1", "a");
        assertThat(kept("VARCHAR", rows("{\"x\": 9007199254740993}", "{\"x\": 0.5}")))
                .as("which is no double")
                .containsExactly("9007199254740993", "0.5");
        BigInteger wide = BigInteger.TWO.pow(70);
        assertThat(kept("HUGEINT", rows("{\"x\": 1}", "{\"x\": " + wide + "}")))
                .extracting(Object::toString)
                .containsExactly("1", wide.toString());
        assertThat(kept("VARCHAR", rows("{\"x\": \"a\"}", "{\"x\": [1, \"b\"]}")))
                .containsExactly("\"a\"", "[1,\"b\"]");
    }

    @Test
    void anAnswerDoesNotReplaceAKeptColumn() throws Exception {
        String url = database("CREATE TABLE answer (id BIGINT, label VARCHAR)");
        Dataset rows = rows("{\"id\": 1, \"label\": \"given\"}");
        try (TableSink sink =
                new TableSink(DataSource.database(url, null, null, null), "answer", rows, List.of("id", "label"))) {
            assertThatThrownBy(() -> sink.answer(0, Map.of(), Map.of("label", "good")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("The column \"label\" of ")
                    .hasMessageContaining("because the answers have one of that name")
                    .hasMessageContaining("SELECT label AS given_label");
        }
    }

    @Test
    void bytesHaveNoText() throws Exception {
        String url = database("CREATE TABLE answer (x VARCHAR, label VARCHAR)");
        Dataset rows = Datasets.of("rows", List.of(Map.of("text", "a", "x", "pdf".getBytes(StandardCharsets.UTF_8))));
        try (TableSink sink = new TableSink(DataSource.database(url, null, null, null), "answer", rows, List.of("x"))) {
            assertThatThrownBy(() -> sink.answer(0, Map.of(), Map.of("label", "good")))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith("row 1: the column \"x\" holds bytes, which cannot be kept.");
        }
    }
}
