package dev.attune.cli;

import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import java.nio.file.Path;
import java.util.List;

/** Labs that come with Attune: {@code labs/*.ipynb} of the folder that {@code -Dattune.home} names, and no others. */
final class LabFiles {
    private static final ShippedFiles FILES = new ShippedFiles("labs", ".ipynb");

    private LabFiles() {}

    static List<Path> all() {
        return FILES.all();
    }

    /** The name by which a lab can be asked for. */
    static String name(Path file) {
        return FILES.nameOf(file);
    }

    /**
     * The lab of this name. A notebook is code, so a path is no name: only what came with Attune is run.
     *
     * @throws ConfigException if there is none
     */
    static Path require(String name) {
        List<Path> all = all();
        List<String> names = FILES.names();
        int place = names.indexOf(name);
        if (place >= 0) return all.get(place);
        throw new ConfigException("There is no lab \"" + name + "\"." + Suggestion.didYouMean(name, names)
                + (names.isEmpty()
                        ? " No labs are installed here."
                        : " The labs are " + String.join(", ", names) + "."));
    }
}
