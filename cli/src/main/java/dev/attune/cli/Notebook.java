package dev.attune.cli;

import dev.attune.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Jupyter notebook as far as a terminal needs it: the cells, without what they printed when they were stored. Source:
 * nbformat 4, nbformat.readthedocs.io.
 */
record Notebook(String title, List<Cell> cells) {
    /** @param code whether it is to be run, or to be read */
    record Cell(boolean code, String source) {
        /** Whether all of it is for the kernel of Jupyter: a cell magic, {@code %%jars} for instance. */
        boolean onlyForJupyter() {
            return code && source.stripLeading().startsWith("%%");
        }

        /** The source without line magics, which the kernel of Jupyter understands and Java does not. */
        String java() {
            return String.join(
                    "\n",
                    source.lines()
                            .filter(line -> !line.stripLeading().startsWith("%"))
                            .toList());
        }
    }

    /** @throws ConfigException if the file is no notebook in Java */
    static Notebook read(Path file) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (IOException | JacksonException e) {
            throw new ConfigException("Cannot read the notebook " + file + ": " + e.getMessage() + ".", e);
        }
        String language = root.at("/metadata/kernelspec/language").asString("");
        if (root.path("nbformat").asInt(0) != 4 || !language.equals("java")) {
            throw new ConfigException(
                    file + " is no Java notebook of format 4 (its language is \"" + language + "\").");
        }
        List<Cell> cells = new ArrayList<>();
        for (JsonNode cell : root.path("cells")) {
            cells.add(new Cell(cell.path("cell_type").asString("").equals("code"), text(cell.path("source"))));
        }
        String title = cells.stream()
                .filter(cell -> !cell.code())
                .flatMap(cell -> cell.source().lines())
                .filter(line -> line.startsWith("# "))
                .map(line -> line.substring(2).trim())
                .findFirst()
                .orElse("");
        return new Notebook(title, List.copyOf(cells));
    }

    /** One text, or a list of lines that keep their ends. */
    private static String text(JsonNode source) {
        if (!source.isArray()) return source.asString("");
        StringBuilder text = new StringBuilder();
        for (JsonNode line : source) text.append(line.asString(""));
        return text.toString();
    }
}
