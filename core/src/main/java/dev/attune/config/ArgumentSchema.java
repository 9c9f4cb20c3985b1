package dev.attune.config;

import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import dev.attune.job.Recipe;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a configuration record, read from its components. It is the one source of YAML keys, flags, defaults,
 * checks, help, JSON schema and reference page. A component without {@link Argument} is a record whose keys are taken in
 * as if they stood here: the YAML of a {@link Recipe} is flat.
 */
public final class ArgumentSchema {
    private final Class<? extends Record> type;
    private final Map<String, ArgumentKey> keys = new LinkedHashMap<>();

    private ArgumentSchema(Class<? extends Record> type) {
        this.type = type;
        for (RecordComponent component : type.getRecordComponents()) {
            Argument argument = component.getAnnotation(Argument.class);
            if (argument == null) {
                keys.putAll(of(component.getType().asSubclass(Record.class)).keys);
            } else {
                ArgumentKey key = new ArgumentKey(component, argument);
                keys.put(key.name(), key);
            }
        }
    }

    /** The schema of a record whose components carry {@link Argument}. */
    public static ArgumentSchema of(Class<? extends Record> type) {
        return new ArgumentSchema(type);
    }

    /** All keys, in the order of the record. */
    public List<ArgumentKey> keys() {
        return List.copyOf(keys.values());
    }

    /** The keys by group, groups and keys in the order of the record. */
    public Map<String, List<ArgumentKey>> groups() {
        return keys().stream()
                .collect(Collectors.groupingBy(ArgumentKey::group, LinkedHashMap::new, Collectors.toList()));
    }

    /** The key of this name; {@code learning-rate} and {@code --learning-rate} are found too. */
    public Optional<ArgumentKey> find(String name) {
        String flag = name.startsWith("--") ? name : "--" + name.replace('_', '-');
        return keys().stream().filter(key -> key.flags().contains(flag)).findFirst();
    }

    /** The sentence for a name that is no key: a key of Hugging Face that is missing here, a new name, or the nearest. */
    public String unknown(String name) {
        String written = name.replaceFirst("^--", "").replace('-', '_');
        String sentence = "There is no " + (name.startsWith("--") ? "flag " : "key ") + "\"" + name + "\".";
        return HuggingFaceNames.explain(written).orElseGet(() -> sentence + nearest(name));
    }

    private String nearest(String name) {
        if (!name.startsWith("--")) return Suggestion.didYouMean(name, keys.keySet());
        return Suggestion.didYouMean(
                name, keys().stream().flatMap(key -> key.flags().stream()).toList());
    }

    /** What {@code attune explain} prints. */
    public String explain(String name) {
        ArgumentKey key = find(name).orElseThrow(() -> new ConfigException(unknown(name)));
        StringBuilder text = new StringBuilder(key.name() + "  (" + String.join(", ", key.flags()) + ")\n\n");
        text.append(wrap(key.doc(), 78)).append("\n\n");
        text.append("  value    ").append(key.kind()).append('\n');
        text.append("  default  ").append(defaultWords(key)).append('\n');
        if (!key.example().isEmpty()) {
            String value = key.isList() ? "[" + key.example() + "]" : key.example();
            text.append("  example  ")
                    .append(key.name())
                    .append(": ")
                    .append(value)
                    .append('\n');
        }
        return text.append("  group    ").append(key.group()).append('\n').toString();
    }

    private static String defaultWords(ArgumentKey key) {
        if (key.required()) return "none, the key is required";
        return key.initial().isEmpty() ? "none" : key.initial();
    }

    private static String wrap(String text, int width) {
        StringBuilder out = new StringBuilder(" ");
        int column = 1;
        for (String word : text.split(" ")) {
            if (column + 1 + word.length() > width) {
                out.append("\n ");
                column = 1;
            }
            out.append(' ').append(word);
            column += 1 + word.length();
        }
        return out.toString();
    }

    /** The reference page, in Markdown: one table a group. */
    public String markdown() {
        StringBuilder page = new StringBuilder();
        groups().forEach((group, members) -> {
            page.append("## ").append(group).append("\n\n| key | value | default | meaning |\n|---|---|---|---|\n");
            for (ArgumentKey key : members) {
                String fallback = key.initial().isEmpty() ? defaultWords(key) : "`" + key.initial() + "`";
                page.append("| `" + key.name() + "` | " + key.kind() + " | " + fallback + " | " + key.doc() + " |\n");
            }
            page.append('\n');
        });
        return page.toString();
    }

    /** JSON Schema (draft 2020-12) of the YAML file, as maps and lists ready for a JSON writer. */
    public Map<String, Object> jsonSchema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        keys.forEach((name, key) -> properties.put(name, ArgumentJson.property(key)));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", type.getSimpleName());
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put(
                "required",
                keys().stream()
                        .filter(ArgumentKey::required)
                        .map(ArgumentKey::name)
                        .toList());
        schema.put("additionalProperties", false);
        return schema;
    }

    /** The values of a record by key, ready for a JSON writer: texts, numbers, booleans, lists, null. */
    public Map<String, @Nullable Object> values(Record record) {
        Map<String, @Nullable Object> values = components(record);
        values.replaceAll((key, value) -> ArgumentJson.plain(value));
        return Collections.unmodifiableMap(values);
    }

    /** The values of a record by key, as they are. */
    public Map<String, @Nullable Object> components(Record record) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = read(record, component);
            if (component.isAnnotationPresent(Argument.class)) {
                values.put(ArgumentKey.snake(component.getName()), value);
            } else {
                values.putAll(components((Record) value));
            }
        }
        return values;
    }

    /** Adds a sentence for each value that is missing or out of range; such values are replaced by their default. */
    public void check(Map<String, @Nullable Object> values, Mistakes errors) {
        for (ArgumentKey key : keys.values()) {
            Object value = values.get(key.name());
            try {
                if (value != null) {
                    values.put(key.name(), key.check(value));
                } else if (values.containsKey(key.name()) && !key.initial().isEmpty()) {
                    errors.broken(key.name(), null, key.name() + " has no value, but must be " + key.kind() + ".");
                    values.remove(key.name());
                }
            } catch (IllegalArgumentException e) {
                errors.broken(key.name(), null, e.getMessage());
                values.remove(key.name());
            }
        }
    }

    private static Object read(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    /** The record with these values; keys that are missing get their default. Ranges have been checked before. */
    public <R extends Record> R create(Class<R> record, Map<String, ? extends @Nullable Object> values) {
        List<@Nullable Object> arguments = new ArrayList<>();
        for (RecordComponent component : record.getRecordComponents()) {
            if (component.isAnnotationPresent(Argument.class)) {
                String name = ArgumentKey.snake(component.getName());
                arguments.add(
                        values.containsKey(name)
                                ? values.get(name)
                                : keys.get(name).defaultValue());
            } else {
                arguments.add(create(component.getType().asSubclass(Record.class), values));
            }
        }
        Class<?>[] types = Stream.of(record.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return record.getDeclaredConstructor(types).newInstance(arguments.toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException("cannot make " + record, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + record, e);
        }
    }
}
