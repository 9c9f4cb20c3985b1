package dev.attune.cli;

import dev.attune.io.TerminalText;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/**
 * One JSON value on one line. It may end up on a terminal, so what steers one is written as an escape of JSON, which means
 * the same to every program that reads it.
 */
final class JsonLine {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JsonLine() {}

    static String of(Object value) {
        String json = MAPPER.writeValueAsString(value);
        if (json.chars().noneMatch(c -> TerminalText.steers((char) c))) return json;
        StringBuilder escaped = new StringBuilder();
        for (char c : json.toCharArray()) {
            if (TerminalText.steers(c)) escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            else escaped.append(c);
        }
        return escaped.toString();
    }
}
