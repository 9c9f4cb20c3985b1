package dev.attune.data;

import dev.attune.data.sql.JdbcParameters;
import dev.attune.data.sql.JdbcUrl;
import dev.attune.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where a database is and who asks it. The password itself is read at the last moment and kept nowhere. */
record DatabaseLogin(
        String jdbc,
        @Nullable String user,
        @Nullable String passwordEnv,
        @Nullable Path passwordFile) {
    List<String> mistakes(String key) {
        List<String> mistakes = new ArrayList<>(JdbcParameters.mistakes(key + ".jdbc", new JdbcUrl(jdbc)));
        if (passwordEnv != null && passwordFile != null) {
            mistakes.add(key + " has both password_env and password_file. Keep one.");
        }
        if (passwordEnv != null && !passwordEnv.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            // What stands here may be the password itself, so it is not shown.
            mistakes.add(key + ".password_env is no name of an environment variable. It names the variable that holds"
                    + " the password, for instance SHOP_PASSWORD.");
        }
        return mistakes;
    }

    /** @param environment gives the value of an environment variable or null */
    @Nullable
    String password(UnaryOperator<@Nullable String> environment) {
        if (passwordEnv != null) {
            String value = environment.apply(passwordEnv);
            if (value == null) {
                throw new ConfigException("The environment variable " + passwordEnv
                        + ", which password_env names, is not set. Set it to the password of the database.");
            }
            return value;
        }
        if (passwordFile == null) return null;
        try {
            return Files.readString(passwordFile).replaceFirst("\\R\\z", "");
        } catch (IOException e) {
            throw new ConfigException(
                    "Cannot read the password file " + passwordFile
                            + (Files.exists(passwordFile)
                                    ? ". It must be a UTF-8 text that this user may read."
                                    : ": it does not exist."),
                    e);
        }
    }
}
