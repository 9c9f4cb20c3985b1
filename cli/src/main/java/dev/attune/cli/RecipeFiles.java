package dev.attune.cli;

import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Recipes that come with Attune: {@code recipes/*.yaml} of the folder that {@code -Dattune.home} names. */
final class RecipeFiles {
    private static final ShippedFiles FILES = new ShippedFiles("recipes", ".yaml");
    private static final String EXPECTED = "expected:";

    private RecipeFiles() {}

    static List<Path> all() {
        return FILES.all();
    }

    /** The name by which a recipe can be asked for. */
    static String name(Path file) {
        return FILES.nameOf(file);
    }

    /** What the recipe is for: the first comment in the file, with a mark where it is no UTF-8. */
    static String title(Path file) {
        return comments(file).filter(line -> !line.isEmpty()).findFirst().orElse("");
    }

    /** The metrics and the time that the recipe expects, as its comment says; empty if it says nothing. */
    static String expected(Path file) {
        return comments(file)
                .filter(line -> line.startsWith(EXPECTED))
                .map(line -> line.substring(EXPECTED.length()).trim())
                .findFirst()
                .orElse("");
    }

    private static Stream<String> comments(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("#"))
                    .map(line -> line.substring(1).trim());
        } catch (IOException e) {
            throw new ConfigException("Cannot read the recipes in " + FILES.folder() + ": " + e.getMessage() + ".", e);
        }
    }

    /** A file of this path, else the recipe of this name. */
    static Optional<Path> find(String pathOrName) {
        try {
            Path file = Path.of(pathOrName);
            if (Files.isRegularFile(file)) return Optional.of(file);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        return all().stream().filter(file -> name(file).equals(pathOrName)).findFirst();
    }

    /** Whether a word is a recipe, or would be one without its typing error. */
    static boolean isMeant(String word) {
        return word.contains(".")
                || word.contains("/")
                || word.contains("\\")
                || find(word).isPresent()
                || !Suggestion.didYouMean(word, FILES.names()).isEmpty();
    }

    /**
     * Like {@link #find}.
     *
     * @throws ConfigException if there is no such file and no such recipe
     */
    static Path require(String pathOrName) {
        return find(pathOrName).orElseThrow(() -> {
            List<String> names = FILES.names();
            return new ConfigException("There is no file and no recipe \"" + pathOrName + "\"."
                    + Suggestion.didYouMean(pathOrName, names)
                    + (names.isEmpty() ? "" : " There are the recipes " + String.join(", ", names) + "."));
        });
    }
}
