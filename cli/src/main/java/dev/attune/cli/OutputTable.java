package dev.attune.cli;

import dev.attune.data.DataSource;
import dev.attune.data.Dataset;
import dev.attune.error.ConfigException;
import dev.attune.job.TableSink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The table of a database that {@code predict} writes to; shown by {@code --help-all} only. */
final class OutputTable {
    @Option(
            names = "--output-jdbc",
            hidden = true,
            paramLabel = "URL",
            description = "JDBC URL of the database to write answers to; needs --output-table.")
    private @Nullable String jdbc;

    @Option(
            names = "--output-table",
            hidden = true,
            paramLabel = "NAME",
            description = "Table that gets the answers; it has to exist.")
    private @Nullable String table;

    @Option(names = "--output-user", hidden = true, paramLabel = "NAME", description = "User of that database.")
    private @Nullable String user;

    @Option(
            names = "--output-password-env",
            hidden = true,
            paramLabel = "NAME",
            description = "Environment variable that holds the password.")
    private @Nullable String passwordEnv;

    @Option(
            names = "--output-password-file",
            hidden = true,
            paramLabel = "FILE",
            description = "File that holds the password.")
    private @Nullable Path passwordFile;

    @Option(
            names = "--keep-columns",
            hidden = true,
            split = ",",
            paramLabel = "NAME,…",
            description = "Columns of the rows to write beside their answers, such as their key.")
    private List<String> kept = new ArrayList<>();

    boolean given() {
        return jdbc != null
                || table != null
                || user != null
                || passwordEnv != null
                || passwordFile != null
                || !kept.isEmpty();
    }

    String name() {
        return String.valueOf(table);
    }

    TableSink open(Dataset rows) {
        if (jdbc == null || table == null) {
            throw new ConfigException("To write answers into a table, give both --output-jdbc and --output-table.");
        }
        return new TableSink(DataSource.database(jdbc, user, passwordEnv, passwordFile), table, rows, kept);
    }
}
