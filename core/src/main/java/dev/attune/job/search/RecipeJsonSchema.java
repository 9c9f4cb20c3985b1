package dev.attune.job.search;

import dev.attune.config.ArgumentKey;
import dev.attune.job.Recipe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON Schema of a recipe as a file, whatever its task, with the block {@code search}: what an editor wants to know. */
public final class RecipeJsonSchema {
    private RecipeJsonSchema() {}

    /** The schema, as maps and lists. */
    @SuppressWarnings("unchecked") // properties are by their names
    public static Map<String, Object> map() {
        Map<String, Object> schema = new LinkedHashMap<>(Recipe.schema().jsonSchema());
        Map<String, Object> properties = new LinkedHashMap<>((Map<String, Object>) schema.get("properties"));
        properties.put("search", block());
        schema.put("properties", properties);
        return schema;
    }

    private static Map<String, Object> block() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (ArgumentKey key : Recipe.schema().keys()) {
            properties.put(key.name(), Map.of("type", List.of("string", "array", "object")));
        }
        ((Map<?, ?>) SearchArguments.schema().jsonSchema().get("properties"))
                .forEach((key, value) -> properties.put(String.valueOf(key), value));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", "What attune search looks for: settings of the search, and keys with a space each.");
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("additionalProperties", false);
        return schema;
    }
}
