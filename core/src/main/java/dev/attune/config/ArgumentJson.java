package dev.attune.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys and values in the shapes that JSON knows. */
final class ArgumentJson {
    private static final List<String> TEXT = List.of("string", "number", "boolean");
    private static final List<String> TEXT_OR_NULL = List.of("string", "number", "boolean", "null");

    private ArgumentJson() {}

    /** A value as text, number, boolean, list or null. */
    static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Enum<?> constant) return ArgumentKey.text(constant);
        return value instanceof Path ? value.toString() : value;
    }

    /**
     * The JSON Schema of one key: what YAML may have there. A text may look like a number, and a key without a default may
     * be empty.
     */
    static Map<String, Object> property(ArgumentKey key) {
        Map<String, Object> schema = new LinkedHashMap<>();
        if (key.isOpen()) {
            schema.put("type", List.of("string", "number", "array", "object", "null"));
            schema.put("items", Map.of("type", TEXT));
            schema.put("additionalProperties", Map.of("type", TEXT));
        } else if (key.isBoolean()) {
            schema.put("type", "boolean");
        } else if (key.isList()) {
            schema.put("type", List.of("array", "string", "null"));
            schema.put("items", Map.of("type", TEXT));
        } else if (key.isNumber()) {
            schema.put("type", orNull(key, key.isInteger() ? "integer" : "number"));
            ArgumentRange range = key.range();
            if (Double.isFinite(range.low())) {
                schema.put(range.lowIncluded() ? "minimum" : "exclusiveMinimum", range.low());
            }
            if (Double.isFinite(range.high())) {
                schema.put(range.highIncluded() ? "maximum" : "exclusiveMaximum", range.high());
            }
        } else if (!key.choices().isEmpty()) {
            schema.put("enum", choices(key));
        } else {
            schema.put("type", isEmptyAllowed(key) ? TEXT_OR_NULL : TEXT);
        }
        if (!key.initial().isEmpty()) schema.put("default", plain(key.parse(key.initial())));
        schema.put("description", key.doc());
        return schema;
    }

    /** The JSON Schema of one name: what any of its meanings may have there. */
    static Map<String, Object> property(List<ArgumentKey> meanings) {
        if (meanings.size() == 1) return property(meanings.get(0));
        return Map.of("anyOf", meanings.stream().map(ArgumentJson::property).toList());
    }

    /** The JSON Schema of a key that is a plain value, or has the keys {@code parts} below it. */
    static Map<String, Object> compound(ArgumentKey key, Map<String, ArgumentKey> parts) {
        Map<String, Object> properties = new LinkedHashMap<>();
        parts.forEach((name, part) -> properties.put(name, property(part)));
        Map<String, Object> plain = property(key);
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", plain.remove("description"));
        schema.put(
                "oneOf",
                List.of(plain, Map.of("type", "object", "properties", properties, "additionalProperties", false)));
        return schema;
    }

    private static boolean isEmptyAllowed(ArgumentKey key) {
        return key.initial().isEmpty() && !key.required();
    }

    private static Object orNull(ArgumentKey key, String type) {
        return isEmptyAllowed(key) ? List.of(type, "null") : type;
    }

    private static List<@Nullable Object> choices(ArgumentKey key) {
        List<@Nullable Object> choices = new ArrayList<>(key.choices());
        if (isEmptyAllowed(key)) choices.add(null);
        return choices;
    }
}
