package dev.attune.cli;

import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * One JSON object on one line. It may end up on a terminal, so what steers one is written as an escape of JSON, which means
 * the same to every program that reads it.
 */
final class JsonLine {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JsonLine() {}

    static String of(Map<String, ?> object) {
        String json = MAPPER.writeValueAsString(object);
        if (json.chars().noneMatch(c -> TerminalText.steers((char) c))) return json;
        StringBuilder escaped = new StringBuilder();
        for (char c : json.toCharArray()) {
            if (TerminalText.steers(c)) escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            else escaped.append(c);
        }
        return escaped.toString();
    }
}
