package dev.attune.cli;

import dev.attune.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files that come with Attune and are asked for by name: those with one ending in a folder of the one that {@code
 * -Dattune.home} names.
 *
 * @param name of the folder, which is also what people call the files: {@code recipes}
 * @param ending with its dot
 */
record ShippedFiles(String name, String ending) {
    Path folder() {
        return Path.of(System.getProperty("attune.home", "."), name);
    }

    /** The files, sorted by name; none where there is no such folder. */
    List<Path> all() {
        if (!Files.isDirectory(folder())) return List.of();
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ConfigException("Cannot read the " + name + " in " + folder() + ": " + e.getMessage() + ".", e);
        }
    }

    /** The name by which a file can be asked for. */
    String nameOf(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ending.length());
    }

    List<String> names() {
        return all().stream().map(this::nameOf).toList();
    }
}
