package dev.attune.data;

import dev.attune.error.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Files with a token a line and an empty line after each sentence, as the shared tasks of CoNLL have them. A row is a
 * sentence. Columns of the file are lists: {@code tokens}, {@code column_2} …, and the last one {@code tags}.
 */
final class ConllFile {
    private final String name;
    private final TableBuilder table;
    private final List<String> lines = new ArrayList<>();
    private int first; // line of lines.get(0)
    private int width; // columns; 0 until the first token
    private boolean tabs;
    private List<String> columns = List.of();

    private ConllFile(String name, TableBuilder table) {
        this.name = name;
        this.table = table;
    }

    static void read(Path file, String name, FileType type, TableBuilder table) throws IOException {
        table.place(name + " line ");
        ConllFile sentences = new ConllFile(name, table);
        int number = 0;
        try (BufferedReader source = TextFile.openLines(file, name, type.compression())) {
            for (String line = source.readLine(); line != null; line = source.readLine()) {
                number++;
                if (line.isBlank() || line.startsWith("-DOCSTART-")) {
                    sentences.end();
                } else {
                    if (sentences.lines.isEmpty()) sentences.first = number;
                    sentences.lines.add(line);
                }
            }
        }
        sentences.end();
    }

    private void end() {
        int start = 0;
        if (width == 0) measure();
        // A comment stands before the tokens; the token "#" has as many columns as all others.
        while (start < lines.size() && isComment(lines.get(start))) start++;
        if (start < lines.size()) {
            List<List<String>> cells = new ArrayList<>();
            for (int c = 0; c < width; c++) cells.add(new ArrayList<>());
            for (int i = start; i < lines.size(); i++) {
                String[] parts = split(lines.get(i));
                if (parts.length != width) {
                    throw new DataException(
                            name + " line " + (first + i) + ": expected " + width + " columns separated by "
                                    + (tabs ? "tabs" : "spaces") + " as in the lines before, found " + parts.length
                                    + ". Correct the line; sentences are separated by empty lines.");
                }
                for (int c = 0; c < width; c++) cells.get(c).add(parts[c]);
            }
            table.row(columns, cells, first + start);
        }
        lines.clear();
    }

    /** Takes separator and number of columns from the last line of a sentence, which is never a comment. */
    private void measure() {
        if (lines.isEmpty()) return;
        String last = lines.get(lines.size() - 1);
        if (last.startsWith("#")
                && lines.stream().allMatch(line -> line.startsWith("#"))
                && last.split("\\s+").length != 2) return;
        tabs = last.indexOf('\t') >= 0;
        width = split(last).length;
        List<String> names = new ArrayList<>(List.of("tokens"));
        for (int c = 2; c < width; c++) names.add("column_" + c);
        if (width > 1) names.add("tags");
        columns = List.copyOf(names);
        table.columns(columns, name);
    }

    private boolean isComment(String line) {
        return line.startsWith("#") && (width == 0 || split(line).length != width);
    }

    private String[] split(String line) {
        return tabs ? line.split("\t", -1) : line.strip().split("[ \t]+");
    }
}
