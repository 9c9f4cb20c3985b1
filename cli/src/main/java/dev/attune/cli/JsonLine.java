package dev.attune.cli;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object on one line. */
final class JsonLine {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JsonLine() {}

    static String of(Map<String, ?> object) {
        return MAPPER.writeValueAsString(object);
    }
}
