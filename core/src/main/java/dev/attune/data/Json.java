package dev.attune.data;

import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;

/** How this package reads JSON: strict, except for the NaN and Infinity that Python's json module writes. */
final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** One JSON text as the value of a cell. */
    static @Nullable Object value(String json) {
        return cell(MAPPER.readValue(json, Object.class));
    }

    static @Nullable Object cell(@Nullable Object parsed) {
        try {
            return CellValue.of(parsed);
        } catch (SQLException e) {
            throw new AssertionError("JSON holds no database objects", e);
        }
    }

    /** One JSON object as row, or null if the value is not an object. */
    @SuppressWarnings("unchecked") // cell() makes maps with string keys only
    static @Nullable Map<String, @Nullable Object> row(@Nullable Object parsed) {
        return parsed instanceof Map<?, ?> ? (Map<String, @Nullable Object>) cell(parsed) : null;
    }
}
