package dev.attune.data;

import static dev.attune.data.DatasetTest.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.config.ArgumentSchema;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSourceTest {
    private static final Path NOWHERE = Path.of("nowhere");

    @Test
    void theShortForm(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a.csv"), "text,label\nx,1\n");
        DataSource source = DataSource.of(file.toString());
        assertThat(texts(source.read())).containsExactly("x");
        assertThat(source.describe()).isEqualTo(file.toString());
        assertThat(source.mistakes("train")).isEmpty();
        assertThat(texts(DataSource.of("SELECT 'q' AS text").read())).containsExactly("q");
    }

    @Test
    void duckDbByUrl(@TempDir Path folder) {
        DataSource source = DataSource.jdbc("jdbc:duckdb:", "SELECT 'q' AS text, {'a': [1]} AS s");
        assertThat(texts(source.read())).containsExactly("q");
        assertThat(source.describe()).isEqualTo("jdbc:duckdb:, query \"SELECT 'q' AS text, {'a': [1]} AS s\"");
        Path target = folder.resolve("f.csv");
        DataSource attack = DataSource.jdbc("jdbc:duckdb:", "SELECT 1; COPY (SELECT 1) TO '" + target + "'");
        assertThatThrownBy(attack::read).isInstanceOf(DataException.class).hasMessageContaining("2 statements");
        assertThat(target).doesNotExist();
    }

    @Test
    void keys() {
        ArgumentSchema schema = ArgumentSchema.of(DataSource.class);
        assertThat(schema.keys())
                .extracting(key -> key.name())
                .containsExactly("text", "jdbc", "query", "user", "password_env", "password_file");
        assertThat(schema.keys()).allSatisfy(key -> assertThat(key.group()).isEqualTo("Data"));
    }

    @Test
    void mistakes() {
        String url = "jdbc:postgresql://host/shop";
        assertThat(new DataSource(null, null, null, null, null, null).mistakes("train"))
                .containsExactly("train is empty. Name a file, or a database with jdbc and query.");
        assertThat(new DataSource(null, url, null, null, null, null).mistakes("train"))
                .containsExactly("train.jdbc stands without query. Add the SELECT that gives the rows.");
        assertThat(new DataSource(null, null, "SELECT 1", null, null, null).mistakes("validation"))
                .containsExactly("validation.query stands without jdbc. Add the URL of the database, or write the query"
                        + " in place of the keys to ask DuckDB.");
        assertThat(new DataSource("a.csv", null, "SELECT 1", "jane", null, null).mistakes("train"))
                .containsExactly(
                        "train is a text and has query as well. Use one of both forms.",
                        "train is a text and has user as well. Use one of both forms.");
        assertThat(DataSource.of(url + "?password=s3cr3t").mistakes("train"))
                .containsExactly("train is the URL of a database. Write it as train.jdbc, and the SQL of the rows as"
                        + " train.query.");
        List<String> all = new DataSource(
                        null, url + "?password=s3cr3t&socketFactory=Evil", null, "jane", "SHOP", NOWHERE)
                .mistakes("train");
        assertThat(all).hasSize(4);
        assertThat(all.get(0)).contains("without query");
        assertThat(all.get(1)).contains("train.jdbc holds a password");
        assertThat(all.get(2)).contains("train.jdbc sets socketFactory").contains("sslmode");
        assertThat(all.get(3)).isEqualTo("train has both password_env and password_file. Keep one.");
        assertThat(new DataSource(null, url, "SELECT 1", null, "hunter-2!", null).mistakes("train"))
                .singleElement()
                .asString()
                .contains("train.password_env is no name of an environment variable")
                .doesNotContain("hunter");
    }

    @Test
    void readingRefusesTheSame() {
        DataSource source = DataSource.jdbc("jdbc:postgresql://jane:s3cr3t@host/shop?socketFactory=Evil", "SELECT 1");
        assertThatThrownBy(source::read)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("holds a password")
                .hasMessageContaining("sets socketFactory")
                .hasMessageNotContaining("s3cr3t");
        assertThat(source.toString()).isEqualTo("jdbc:postgresql://host/shop, query \"SELECT 1\"");
        assertThat(DataSource.of("jdbc:postgresql://jane:s3cr3t@host/shop").toString())
                .isEqualTo("jdbc:postgresql://host/shop");
    }

    @Test
    void passwords(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("pw"), " two words \r\n");
        DatabaseLogin byFile = new DatabaseLogin("jdbc:x:", null, null, file);
        assertThat(byFile.password(name -> null)).isEqualTo(" two words ");
        DatabaseLogin byName = new DatabaseLogin("jdbc:x:", null, "SHOP", null);
        assertThat(byName.password(name -> name + "!")).isEqualTo("SHOP!");
        assertThatThrownBy(() -> byName.password(name -> null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("environment variable SHOP")
                .hasMessageContaining("is not set");
        assertThatThrownBy(() -> new DatabaseLogin("jdbc:x:", null, null, NOWHERE).password(name -> null))
                .isInstanceOf(ConfigException.class)
                .hasMessage("Cannot read the password file nowhere: it does not exist.");
        assertThat(new DatabaseLogin("jdbc:x:", null, null, null).password(name -> null))
                .isNull();
    }
}
