package dev.attune.job.search;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentSchema;
import dev.attune.job.Recipe;
import dev.attune.job.RecipeReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A recipe as a file that {@link RecipeReader} reads as the same recipe: the values that are not the defaults. */
public final class RecipeYaml {
    /** What YAML takes for a text without quotes; a text that looks like a number keeps them. */
    private static final Pattern PLAIN = Pattern.compile("(?!(?i:null)$)[A-Za-z/][A-Za-z0-9./_-]*");

    private RecipeYaml() {}

    /** @param comment lines to stand above it, without the sign of a comment */
    public static String of(Recipe recipe, String comment) {
        StringBuilder yaml = new StringBuilder();
        comment.lines().forEach(line -> yaml.append("# ").append(line).append('\n'));
        ArgumentSchema schema = Recipe.schema(recipe.task());
        Map<String, @Nullable Object> values = new LinkedHashMap<>(recipe.changed());
        values.put("task", recipe.task().key());
        // A recipe with validation data that says nothing of it evaluates after every epoch.
        values.put("eval_strategy", recipe.training().evalStrategy().toString());
        String group = "";
        for (ArgumentKey key : schema.keys()) {
            Object value = values.get(key.name());
            if (value == null) continue;
            if (!key.group().equals(group))
                yaml.append("\n# ").append(key.group()).append('\n');
            group = key.group();
            yaml.append(key.name()).append(": ").append(text(value)).append('\n');
        }
        return yaml.toString();
    }

    private static String text(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(RecipeYaml::quoted).collect(Collectors.joining(", ", "[", "]"));
        }
        String text = Space.text(value);
        if (value instanceof Number || value instanceof Boolean) return text;
        return PLAIN.matcher(text).matches() ? text : quoted(text);
    }

    /** A text of JSON is one of YAML, too. */
    private static String quoted(Object value) {
        return JsonMapper.shared().writeValueAsString(String.valueOf(value));
    }
}
