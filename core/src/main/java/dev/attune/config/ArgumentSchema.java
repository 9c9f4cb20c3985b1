package dev.attune.config;

import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys of configuration records, read from their components. It is the one source of YAML keys, flags, defaults,
 * checks, help, JSON schema and reference page. A component without {@link Argument} is a record whose keys are taken in
 * as if they stood here: the YAML of a recipe is flat.
 *
 * <p>A component with {@link Argument} whose type is a record is a compound: a plain value is its component {@code text},
 * and each of its other components is a key of its own, {@code train_jdbc} for {@code jdbc} of {@code train}. In YAML they
 * may also stand below it: {@code train: {jdbc: …, query: …}}.
 */
public final class ArgumentSchema {
    /** The component of a compound that a plain value stands for. */
    static final String TEXT = "text";

    private final String title;
    /** By name; several where the schemas of a {@link #union} mean different things by it. */
    private final Map<String, List<ArgumentKey>> keys = new LinkedHashMap<>();
    /** The keys of the parts of each compound. */
    private final Map<String, Set<String>> compounds = new HashMap<>();

    /** Of one record: reading its annotations anew takes more memory than all else that a mistake in a recipe needs. */
    private static final ClassValue<ArgumentSchema> OF_ONE = new ClassValue<>() {
        @Override
        protected ArgumentSchema computeValue(Class<?> type) {
            ArgumentSchema schema = new ArgumentSchema(type.getSimpleName());
            schema.add(type.asSubclass(Record.class));
            return schema;
        }
    };

    private ArgumentSchema(String title) {
        this.title = title;
    }

    /** The schema of records whose components carry {@link Argument}, one after the other. */
    @SafeVarargs
    public static ArgumentSchema of(Class<? extends Record>... types) {
        if (types.length == 1) return OF_ONE.get(types[0]);
        ArgumentSchema schema = new ArgumentSchema(types[0].getSimpleName());
        for (Class<? extends Record> type : types) schema.add(type);
        return schema;
    }

    /**
     * The keys of several schemas, for pages and flags of all of them together. Where they mean different things by one name,
     * pages show all meanings, and the first one's values are those of the flag: whoever converts values asks one schema.
     */
    public static ArgumentSchema union(String title, List<ArgumentSchema> schemas) {
        ArgumentSchema all = new ArgumentSchema(title);
        for (ArgumentSchema schema : schemas) {
            schema.keys.values().forEach(meanings -> meanings.forEach(all::addMeaning));
            schema.compounds.forEach(all.compounds::putIfAbsent);
        }
        return all;
    }

    private void addMeaning(ArgumentKey key) {
        List<ArgumentKey> meanings = keys.computeIfAbsent(key.name(), name -> new ArrayList<>());
        if (meanings.stream().noneMatch(key::meansTheSame)) meanings.add(key);
    }

    /** Some of these keys. */
    public ArgumentSchema only(Predicate<ArgumentKey> wanted) {
        ArgumentSchema some = new ArgumentSchema(title);
        keys.values().forEach(meanings -> meanings.stream().filter(wanted).forEach(some::addMeaning));
        return some;
    }

    private void add(Class<? extends Record> type) {
        String group = "";
        for (RecordComponent component : type.getRecordComponents()) {
            Argument argument = component.getAnnotation(Argument.class);
            String name = ArgumentKey.name(component);
            if (argument != null && !argument.group().isEmpty()) group = argument.group();
            if (argument == null) {
                add(component.getType().asSubclass(Record.class));
            } else if (component.getType().isRecord()) {
                put(new ArgumentKey(name, String.class, argument, group));
                Set<String> parts = compounds.computeIfAbsent(name, key -> new LinkedHashSet<>());
                for (RecordComponent part : component.getType().getRecordComponents()) {
                    if (part.getName().equals(TEXT)) continue;
                    put(new ArgumentKey(part(name, part), part.getType(), part.getAnnotation(Argument.class), group));
                    parts.add(part(name, part));
                }
            } else {
                put(new ArgumentKey(name, component.getType(), argument, group));
            }
        }
    }

    private void put(ArgumentKey key) {
        if (keys.containsKey(key.name())) throw new IllegalArgumentException("two keys " + key.name());
        addMeaning(key);
    }

    private static String part(String compound, RecordComponent part) {
        return compound + "_" + ArgumentKey.name(part);
    }

    /** Whether the key has parts that may stand below it in YAML. */
    public boolean isCompound(String key) {
        return compounds.containsKey(key);
    }

    /** Whether any names may stand below the key in YAML. */
    public boolean isOpen(String key) {
        return keys.getOrDefault(key, List.of()).stream().anyMatch(ArgumentKey::isOpen);
    }

    /** The keys of the parts of a compound; empty for other keys. */
    public Set<String> parts(String key) {
        return compounds.getOrDefault(key, Set.of());
    }

    /** The keys that are required and not there; a compound is there if one of its parts is. */
    public List<ArgumentKey> missing(Predicate<String> present) {
        return keys().stream()
                .filter(ArgumentKey::required)
                .filter(key -> !present.test(key.name()))
                .filter(key -> parts(key.name()).stream().noneMatch(present))
                .toList();
    }

    /** All keys, in the order of the record; of several with one name the first. */
    public List<ArgumentKey> keys() {
        return keys.values().stream().map(meanings -> meanings.get(0)).toList();
    }

    /** The keys by group, groups and keys in the order of the record; one name may be in several groups. */
    public Map<String, List<ArgumentKey>> groups() {
        return keys.values().stream()
                .flatMap(List::stream)
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
        StringBuilder text = new StringBuilder(key.name() + "  (" + String.join(", ", key.flags()) + ")\n");
        for (ArgumentKey meaning : keys.get(key.name())) text.append('\n').append(explain(meaning));
        return text.toString();
    }

    private static String explain(ArgumentKey key) {
        StringBuilder text = new StringBuilder();
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
        keys.forEach((name, meanings) -> properties.put(
                name,
                isCompound(name) && !isOpen(name)
                        ? ArgumentJson.compound(meanings.get(0), partsBelow(name))
                        : ArgumentJson.property(meanings)));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", title);
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put(
                "allOf",
                keys().stream()
                        .filter(ArgumentKey::required)
                        .map(key -> Map.of("anyOf", presences(key)))
                        .toList());
        schema.put("additionalProperties", false);
        return schema;
    }

    /** The parts of a compound by the names that they have below it. */
    private Map<String, ArgumentKey> partsBelow(String compound) {
        Map<String, ArgumentKey> parts = new LinkedHashMap<>();
        parts(compound)
                .forEach(part -> parts.put(
                        part.substring(compound.length() + 1), keys.get(part).get(0)));
        return parts;
    }

    /** What each makes a required key be there: see {@link #missing}. */
    private List<Map<String, List<String>>> presences(ArgumentKey key) {
        return Stream.concat(Stream.of(key.name()), parts(key.name()).stream())
                .map(name -> Map.of("required", List.of(name)))
                .toList();
    }

    /**
     * The values of records by key, ready for a JSON writer: texts, numbers, booleans, lists, null. A part of a compound
     * that has no value is left out: most have none.
     */
    public Map<String, @Nullable Object> values(Record... records) {
        Map<String, @Nullable Object> values = components(records);
        compounds
                .values()
                .forEach(parts -> parts.forEach(part -> {
                    if (isNothing(values.get(part))) values.remove(part);
                }));
        values.replaceAll((key, value) -> ArgumentJson.plain(value));
        return Collections.unmodifiableMap(values);
    }

    /** The values of records by key, as they are. */
    public Map<String, @Nullable Object> components(Record... records) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Record record : records) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                Object value = read(record, component);
                String name = ArgumentKey.name(component);
                if (!component.isAnnotationPresent(Argument.class)) {
                    values.putAll(components((Record) value));
                } else if (component.getType().isRecord()) {
                    parts(name, component.getType(), (Record) value, values);
                } else {
                    values.put(name, value);
                }
            }
        }
        return values;
    }

    private static void parts(
            String name, Class<?> type, @Nullable Record compound, Map<String, @Nullable Object> values) {
        values.put(name, null);
        for (RecordComponent part : type.getRecordComponents()) {
            Object value = compound == null ? null : read(compound, part);
            values.put(part.getName().equals(TEXT) ? name : part(name, part), value);
        }
    }

    private static @Nullable Object read(Record record, RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    /**
     * The record with these values; keys that are missing get their default. Ranges have been checked before.
     *
     * @throws ContradictionException if the record refuses the combination
     */
    public <R extends Record> R create(Class<R> record, Map<String, ? extends @Nullable Object> values) {
        List<@Nullable Object> arguments = new ArrayList<>();
        for (RecordComponent component : record.getRecordComponents()) {
            String name = ArgumentKey.name(component);
            if (!component.isAnnotationPresent(Argument.class)) {
                arguments.add(create(component.getType().asSubclass(Record.class), values));
            } else if (component.getType().isRecord()) {
                arguments.add(compound(name, component.getType().asSubclass(Record.class), values));
            } else {
                arguments.add(value(name, values));
            }
        }
        return make(record, arguments);
    }

    private @Nullable Object value(String name, Map<String, ? extends @Nullable Object> values) {
        return values.containsKey(name)
                ? values.get(name)
                : keys.get(name).get(0).defaultValue();
    }

    private @Nullable Record compound(
            String name, Class<? extends Record> type, Map<String, ? extends @Nullable Object> values) {
        List<@Nullable Object> parts = new ArrayList<>();
        for (RecordComponent part : type.getRecordComponents()) {
            parts.add(value(part.getName().equals(TEXT) ? name : part(name, part), values));
        }
        return parts.stream().allMatch(ArgumentSchema::isNothing) ? null : make(type, parts);
    }

    /** A list has no entries where nobody gave any. */
    private static boolean isNothing(@Nullable Object value) {
        return value == null || value.equals(List.of());
    }

    /**
     * As {@link #create(Class, Map)}, but contradictions are added to {@code mistakes}, and the record is made without the
     * keys that contradict each other: so that everything else can be checked too.
     *
     * @param place where a key was written, or null
     */
    public <R extends Record> R create(
            Class<R> record,
            Map<String, ? extends @Nullable Object> values,
            Function<String, @Nullable ArgumentPlace> place,
            Mistakes mistakes) {
        Map<String, @Nullable Object> left = new LinkedHashMap<>(values);
        while (true) {
            try {
                return create(record, left);
            } catch (ContradictionException e) {
                mistakes.addAll(e, place);
                if (!left.keySet().removeAll(e.keys())) throw e; // the defaults contradict each other: our mistake
            }
        }
    }

    private static <R extends Record> R make(Class<R> record, List<@Nullable Object> arguments) {
        Class<?>[] types = Stream.of(record.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            var constructor = record.getDeclaredConstructor(types);
            constructor.setAccessible(true); // a record inside a task may be seen by its package only
            return constructor.newInstance(arguments.toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException("cannot make " + record, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + record, e);
        }
    }
}
