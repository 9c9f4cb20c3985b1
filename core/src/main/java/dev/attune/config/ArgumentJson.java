package dev.attune.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys and values in the shapes that JSON knows. */
final class ArgumentJson {
    private ArgumentJson() {}

    /** A value as text, number, boolean, list or null. */
    static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Enum<?> constant) return ArgumentKey.text(constant);
        return value instanceof Path ? value.toString() : value;
    }

    /** The JSON Schema of one key. */
    static Map<String, Object> property(ArgumentKey key) {
        Map<String, Object> schema = new LinkedHashMap<>();
        if (key.isBoolean()) {
            schema.put("type", "boolean");
        } else if (key.isList()) {
            schema.put("type", "array");
            schema.put("items", Map.of("type", "string"));
        } else if (key.isNumber()) {
            schema.put("type", key.isInteger() ? "integer" : "number");
            ArgumentRange range = key.range();
            if (Double.isFinite(range.low())) {
                schema.put(range.lowIncluded() ? "minimum" : "exclusiveMinimum", range.low());
            }
            if (Double.isFinite(range.high())) {
                schema.put(range.highIncluded() ? "maximum" : "exclusiveMaximum", range.high());
            }
        } else {
            schema.put("type", "string");
        }
        if (!key.choices().isEmpty()) schema.put("enum", List.copyOf(key.choices()));
        if (!key.initial().isEmpty()) schema.put("default", plain(key.parse(key.initial())));
        schema.put("description", key.doc());
        return schema;
    }
}
