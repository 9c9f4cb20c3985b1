package dev.attune.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The files that a recipe names: they are looked for beside it first, so that both can be moved together. */
public final class RecipePaths {
    private RecipePaths() {}

    /**
     * The file, or the pattern of files, in the recipe's folder; the text as it is if there is none, which then means the
     * working directory, a query or the name of a model.
     *
     * @param folder where the recipe lies
     * @param text what the recipe says
     */
    public static String beside(Path folder, String text) {
        try {
            Path file = folder.resolve(text).normalize();
            boolean there = Files.exists(file) || !DataFiles.isQuery(text) && DataFiles.isMatched(file.toString());
            return there ? file.toString() : text;
        } catch (InvalidPathException sqlOrName) {
            return text;
        }
    }
}
