package dev.attune.data;

import dev.attune.error.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** JSON Lines, and JSON files that hold an array of objects. */
final class JsonFile {
    private static final int EXCERPT = 80;

    private JsonFile() {}

    /** One object per line; blank lines are skipped. */
    static void readLines(Path file, String name, FileType type, TableBuilder table) throws IOException {
        table.place(name + " line ");
        int number = 0;
        try (BufferedReader lines = TextFile.openLines(file, name, type.compression())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) continue;
                Object value;
                try {
                    value = Json.MAPPER.readValue(line, Object.class);
                } catch (JacksonException e) {
                    throw new DataException(
                            name + " line " + number + " is not valid JSON: " + reason(e) + "\n  line: "
                                    + excerpt(line),
                            e);
                }
                addRow(value, name, number, table);
            }
        }
    }

    /**
     * An array of objects; or an object whose field {@code data} is one; or objects one after the other; or a {@link
     * SquadFile}.
     */
    static void readJson(Path file, String name, FileType type, TableBuilder table) throws IOException {
        table.place(name + " line ");
        try (BufferedReader source = TextFile.open(file, name, type.compression());
                JsonParser parser = Json.MAPPER.createParser(source)) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    int line = parser.currentTokenLocation().getLineNr();
                    addRow(parser.readValueAs(Object.class), name, line, table);
                }
                token = parser.nextToken();
                if (token != null) {
                    throw new DataException(name + " line "
                            + parser.currentTokenLocation().getLineNr() + ": something follows the array of rows.");
                }
                return;
            }
            for (; token != null; token = parser.nextToken()) {
                int line = parser.currentTokenLocation().getLineNr();
                Object value = parser.readValueAs(Object.class);
                List<?> rows = value instanceof Map<?, ?> map && map.get("data") instanceof List<?> list ? list : null;
                if (rows == null) addRow(value, name, line, table);
                else if (SquadFile.is(rows)) SquadFile.read(rows, name, table);
                else for (Object row : rows) addRow(row, name, line, table);
            }
        } catch (JacksonException e) {
            if (e.getCause() instanceof IOException broken) throw broken; // damaged compression, not damaged JSON
            String line =
                    e.getLocation() == null ? "" : " line " + e.getLocation().getLineNr();
            throw new DataException(name + line + " is not valid JSON: " + reason(e), e);
        }
    }

    private static void addRow(@Nullable Object value, String name, int line, TableBuilder table) {
        Map<String, @Nullable Object> row = Json.row(value);
        if (row == null) {
            throw new DataException(
                    name + " line " + line + ": expected an object such as {\"text\": …, \"label\": …}, found "
                            + excerpt(String.valueOf(value)) + ".");
        }
        table.row(row, line);
    }

    private static String reason(JacksonException e) {
        String message = e.getOriginalMessage();
        int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
        return message + (column > 0 ? " (column " + column + ")" : "");
    }

    private static String excerpt(String text) {
        return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "…";
    }
}
