package dev.attune.cli;

import dev.attune.config.ArgumentKey;
import dev.attune.data.DataSource;
import dev.attune.job.RecipeReader;
import dev.attune.job.TrainedOptions;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A command that uses a fine-tuned model: the keys of its task are flags, and rows may come from a database. */
abstract class TrainedCommand extends KeyedCommand {
    @Mixin
    private Database database = new Database();

    /** Where rows come from, if not from a file; shown by {@code --help-all} only. */
    static final class Database {
        @Option(
                names = "--jdbc",
                hidden = true,
                paramLabel = "URL",
                description = "JDBC URL of a database; needs --query.")
        private @Nullable String jdbc;

        @Option(names = "--query", hidden = true, paramLabel = "SQL", description = "One SELECT statement.")
        private @Nullable String query;

        @Option(names = "--user", hidden = true, paramLabel = "NAME", description = "User of the database.")
        private @Nullable String user;

        @Option(
                names = "--password-env",
                hidden = true,
                paramLabel = "NAME",
                description = "Environment variable that holds the password.")
        private @Nullable String passwordEnv;

        @Option(
                names = "--password-file",
                hidden = true,
                paramLabel = "FILE",
                description = "File that holds the password.")
        private @Nullable Path passwordFile;

        boolean given() {
            return jdbc != null || query != null || user != null || passwordEnv != null || passwordFile != null;
        }
    }

    @Override
    final String allFlags() {
        return RecipeFlags.helpAll(spec, "[FLAGS]", TrainedOptions.keys(predicts())) + databaseHelp();
    }

    /** Whether the command gives answers, so that the keys of answers are flags. */
    abstract boolean predicts();

    private String databaseHelp() {
        StringBuilder help = new StringBuilder(String.format("%nRows and answers in a database%n"));
        for (OptionSpec option : spec.options()) {
            if (!(option.userObject() instanceof Field)
                    || !option.hidden()
                    || option.longestName().equals("--debug")) {
                continue;
            }
            String name = option.longestName() + "=" + option.paramLabel();
            help.append(String.format(Locale.ROOT, "      %-24s %s%n", name, option.description()[0]));
        }
        return help.toString();
    }

    /** Whether rows of a database were asked for. */
    boolean hasDatabase() {
        return database.given();
    }

    /**
     * The rows that were asked for.
     *
     * @param flag name of the flag that names a file or a query
     * @param text its value
     */
    DataSource source(String flag, @Nullable String text) {
        if (!database.given()) {
            if (text == null) throw new ParameterException(spec.commandLine(), "Missing required option: --" + flag);
            return DataSource.of(text);
        }
        if (text != null) {
            throw new ParameterException(spec.commandLine(), "Give --" + flag + " or --jdbc, not both.");
        }
        return new DataSource(
                null, database.jdbc, database.query, database.user, database.passwordEnv, database.passwordFile);
    }

    /** The keys that were given as flags. */
    RecipeReader flags() {
        RecipeReader reader = new RecipeReader();
        List<ArgumentKey> keys = TrainedOptions.known(predicts()).keys();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            String name = option.longestName();
            Object value = option.getValue();
            boolean key = keys.stream().anyMatch(known -> known.flags().contains(name));
            if (key && value != null) reader.flag(name, value.toString());
        }
        return reader;
    }
}
