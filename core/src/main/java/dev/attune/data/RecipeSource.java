package dev.attune.data;

import dev.attune.data.sql.JdbcParameters;
import dev.attune.data.sql.JdbcUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a recipe may not say of a database, although a flag or Java code may. A recipe is a file that one gets from others,
 * and it names the host: it must not choose which secret of this user goes there, nor run a database in this process.
 */
public final class RecipeSource {
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
    private static final List<Path> SECRETS = List.of(Path.of("/run/secrets"), Path.of("/var/run/secrets"));

    private RecipeSource() {}

    /**
     * A sentence if the recipe may not set the key to this value, else null.
     *
     * @param key {@code train_jdbc}, {@code train_password_env} and so on; other keys have no rule
     * @param folder where the recipe lies
     */
    public static @Nullable String mistake(String key, String text, Path folder) {
        String value = text.trim(); // as the reader of the recipe does
        String flag = " Give the flag --" + key.replace('_', '-') + " for it.";
        if (key.endsWith("_jdbc")) {
            JdbcUrl url = new JdbcUrl(value);
            if (!JdbcParameters.runsHere(url)) return null;
            return key.replace("_jdbc", ".jdbc") + " names a database that " + url.vendor()
                    + " opens within this process, where a query can write files and load classes; a recipe may name"
                    + " one only on a server, or of DuckDB or SQLite." + flag;
        }
        if (key.endsWith("_password_env") && value.matches(NAME)) {
            if (value.toUpperCase(Locale.ROOT).contains("PASSWORD")) return null;
            // What stands here may be the password itself, so it is not shown.
            return key.replace("_password", ".password")
                    + " names a variable without PASSWORD in its name. A recipe also"
                    + " chooses where the value is sent, so it may only name one such as SHOP_PASSWORD." + flag;
        }
        if (key.endsWith("_password_file") && !allowed(value, folder)) {
            return key.replace("_password", ".password") + " is " + value
                    + ". A recipe also chooses where its content is"
                    + " sent, so it may only name a file in its own folder, below that, or in /run/secrets." + flag;
        }
        return null;
    }

    /** By where the file really is: a link beside the recipe may lead anywhere. */
    private static boolean allowed(String value, Path folder) {
        try {
            Path file = Path.of(value);
            if (!Files.exists(file)) return true; // nothing to give away; reading will say so
            Path real = file.toRealPath();
            if (real.startsWith(folder.toRealPath())) return true;
            for (Path secrets : SECRETS) {
                if (Files.isDirectory(secrets) && real.startsWith(secrets.toRealPath())) return true;
            }
            return false;
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }
}
