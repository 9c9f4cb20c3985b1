package dev.attune.cli;

import tools.jackson.databind.json.JsonMapper;

/** One JSON value on one line. */
final class JsonLine {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JsonLine() {}

    static String of(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
