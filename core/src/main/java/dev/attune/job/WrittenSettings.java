package dev.attune.job;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentPlace;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.ArgumentValues;
import dev.attune.config.Mistakes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings as {@code run.json} keeps them, back in their Java types. */
final class WrittenSettings {
    private WrittenSettings() {}

    /** The values of the keys that {@code schema} still has; what an older or newer version wrote otherwise is left out. */
    static Map<String, @Nullable Object> convert(ArgumentSchema schema, Map<String, @Nullable Object> written) {
        ArgumentValues values = new ArgumentValues(schema);
        written.forEach((name, value) -> {
            ArgumentKey key = schema.find(name).orElse(null);
            if (key == null || value == null) return;
            Object text = value instanceof List<?> list
                    ? list.stream().map(String::valueOf).toList()
                    : String.valueOf(value);
            values.put(key.name(), text, new ArgumentPlace("run.json", 0));
        });
        return new LinkedHashMap<>(values.convert(new Mistakes()));
    }
}
