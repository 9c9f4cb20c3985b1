package dev.attune.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files that a recipe names: they are looked for beside it first, so that both can be moved together. */
public final class RecipePaths {
    private static final Pattern NAMED = Pattern.compile("([a-z][a-z0-9]* *= *)(.+)", Pattern.DOTALL);

    private RecipePaths() {}

    /**
     * The file, or the pattern of files, in the recipe's folder; the text as it is if there is none, which then means the
     * working directory, a query or the name of a model. A name before it, {@code arabic=ar.csv}, stays.
     *
     * @param folder where the recipe lies
     * @param text what the recipe says
     */
    public static String beside(Path folder, String text) {
        String whole = file(folder, text);
        Matcher named = NAMED.matcher(text);
        return whole.equals(text) && named.matches() ? named.group(1) + file(folder, named.group(2)) : whole;
    }

    private static String file(Path folder, String text) {
        try {
            Path file = folder.resolve(text).normalize();
            boolean there = Files.exists(file) || !DataFiles.isQuery(text) && DataFiles.isMatched(file.toString());
            return there ? file.toString() : text;
        } catch (InvalidPathException sqlOrName) {
            return text;
        }
    }
}
