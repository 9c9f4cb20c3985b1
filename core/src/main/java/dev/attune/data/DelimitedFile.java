package dev.attune.data;

import dev.attune.error.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** CSV and TSV files with a header line. Every value is text: only the task knows what a number means. */
final class DelimitedFile {
    private static final String SEPARATORS = ",;\t|";
    private static final int LONGEST_HEADER = 1 << 20;

    private static final List<@Nullable String> NOTHING = Collections.singletonList(null);

    private DelimitedFile() {}

    static void read(Path file, String name, FileType type, TableBuilder table) throws IOException {
        try (BufferedReader source = TextFile.openLines(file, name, type.compression())) {
            char separator = type.format() == FileType.Format.TSV ? '\t' : separator(source);
            CsvReader reader = new CsvReader(source, name, separator);
            List<String> header = header(reader, name);
            table.columns(header, name);
            table.place(name + " line ");
            rows(reader, name, separator, header, table);
        }
    }

    /** The separator that cuts the header into most fields; a comma if none occurs. */
    private static char separator(BufferedReader source) throws IOException {
        source.mark(LONGEST_HEADER);
        int[] counts = new int[SEPARATORS.length()];
        boolean quoted = false;
        boolean content = false;
        for (int i = 0; i < LONGEST_HEADER; i++) {
            int c = source.read();
            boolean lineEnd = c == '\n' || c == '\r';
            if (c < 0 || (lineEnd && content && !quoted)) break;
            if (c == '"') quoted = !quoted;
            if (!lineEnd) content = true; // blank lines may come before the header
            int known = SEPARATORS.indexOf(c);
            if (known >= 0 && !quoted) counts[known]++;
        }
        source.reset();
        int best = 0;
        for (int i = 1; i < counts.length; i++) if (counts[i] > counts[best]) best = i;
        return SEPARATORS.charAt(best);
    }

    private static List<String> header(CsvReader reader, String name) throws IOException {
        List<@Nullable String> record = reader.next();
        while (record != null && isBlank(record)) record = reader.next();
        if (record == null) throw new DataException(name + " has no header and no rows: it holds only blank lines.");
        List<String> header = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < record.size(); i++) {
            String field = record.get(i);
            // The name that pandas and Hugging Face give to a nameless column, usually the index of a saved frame.
            String column = field == null || field.isBlank() ? "Unnamed: " + i : field.strip();
            if (!seen.add(column)) {
                throw new DataException(
                        name + " line " + reader.line() + ": two columns are named '" + column + "'. Rename one.");
            }
            header.add(column);
        }
        return header;
    }

    private static void rows(CsvReader reader, String name, char separator, List<String> header, TableBuilder table)
            throws IOException {
        List<Integer> blank = new ArrayList<>();
        for (List<@Nullable String> record = reader.next(); record != null; record = reader.next()) {
            if (isBlank(record)) {
                blank.add(reader.line());
                continue;
            }
            if (header.size() == 1) {
                // With one column a blank line is a row without value, except at the end of the file.
                for (int line : blank) table.row(header, NOTHING, line);
            }
            blank.clear();
            if (record.size() != header.size()) throw ragged(reader, name, separator, header, record);
            table.row(header, record, reader.line());
        }
    }

    private static boolean isBlank(List<@Nullable String> record) {
        return record.size() == 1 && record.get(0) == null;
    }

    private static DataException ragged(
            CsvReader reader, String name, char separator, List<String> header, List<@Nullable String> record) {
        String expected =
                header.size() + (header.size() == 1 ? " field (" : " fields (") + String.join(", ", header) + ")";
        String remedy = record.size() < header.size()
                ? " Add the missing " + (header.size() - record.size() == 1 ? "field." : "fields.")
                : separator == '\t'
                        ? " Take the tab out of the text."
                        : " Put a text that contains '" + separator + "' in double quotes.";
        return new DataException(
                name + " line " + reader.line() + ": expected " + expected + ", found " + record.size() + "." + remedy);
    }
}
