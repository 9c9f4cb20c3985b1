package dev.attune.data;

import dev.attune.config.Argument;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Placeholder until the branch of databases is merged. */
public record DataSource(
        @Nullable String text,

        @Argument(group = "Data", example = "jdbc:postgresql://host/shop", doc = "JDBC URL of a database.") @Nullable
        String jdbc,

        @Argument(
                group = "Data",
                example = "SELECT body AS text, stars AS label FROM review",
                doc = "One SELECT statement.")
        @Nullable
        String query,

        @Argument(group = "Data", doc = "User of the database.") @Nullable
        String user,

        @Argument(group = "Data", doc = "Environment variable with the password.") @Nullable
        String passwordEnv,

        @Argument(group = "Data", path = true, doc = "File with the password.") @Nullable
        Path passwordFile) {
    public static DataSource of(String fileGlobOrSql) {
        return new DataSource(fileGlobOrSql, null, null, null, null, null);
    }

    public static DataSource jdbc(String url, String query) {
        return new DataSource(null, url, query, null, null, null);
    }

    public Dataset read(DataCache cache) {
        return text != null ? Datasets.read(text, cache) : read();
    }

    public Dataset read() {
        return text != null ? Datasets.read(text) : Datasets.jdbc(jdbc, query);
    }

    public String describe() {
        return text != null ? text : query;
    }

    public List<String> mistakes(String key) {
        return List.of();
    }
}
