package dev.attune.cli;

import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Labs that come with Attune: {@code labs/*.ipynb} of the folder that {@code -Dattune.home} names, and no others. */
final class LabFiles {
    private static final String ENDING = ".ipynb";

    private LabFiles() {}

    /** The files, sorted by name. */
    static List<Path> all() {
        Path folder = Path.of(System.getProperty("attune.home", "."), "labs");
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ENDING))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ConfigException("Cannot read the labs in " + folder + ": " + e.getMessage() + ".", e);
        }
    }

    /** The name by which a lab can be asked for. */
    static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ENDING.length());
    }

    /**
     * The lab of this name. A notebook is code, so a path is no name: only what came with Attune is run.
     *
     * @throws ConfigException if there is none
     */
    static Path require(String name) {
        List<Path> all = all();
        List<String> names = all.stream().map(LabFiles::name).toList();
        int place = names.indexOf(name);
        if (place >= 0) return all.get(place);
        throw new ConfigException("There is no lab \"" + name + "\"." + Suggestion.didYouMean(name, names)
                + (names.isEmpty()
                        ? " No labs are installed here."
                        : " The labs are " + String.join(", ", names) + "."));
    }
}
