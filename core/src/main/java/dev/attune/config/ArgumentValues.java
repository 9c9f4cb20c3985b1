package dev.attune.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as they were written, text by key, each with its place. A later value of the same key wins. */
public final class ArgumentValues {
    /**
     * One value as it was written.
     *
     * @param text a {@code String}, a {@code List<String>}, or null for an explicit null
     */
    private record Written(@Nullable Object text, ArgumentPlace place) {}

    private final ArgumentSchema schema;
    private final Map<String, Written> written = new LinkedHashMap<>();

    public ArgumentValues(ArgumentSchema schema) {
        this.schema = schema;
    }

    public void put(String key, @Nullable Object text, ArgumentPlace place) {
        written.put(key, new Written(text, place));
    }

    public boolean has(String key) {
        Written value = written.get(key);
        return value != null && value.text() != null;
    }

    /** Where the key was written last, or null if it was not. */
    @Nullable
    public ArgumentPlace place(String key) {
        Written value = written.get(key);
        return value == null ? null : value.place();
    }

    /** As {@link #place}; for a compound that was written in parts, where the first of them is. */
    @Nullable
    public ArgumentPlace placeOfAny(String key) {
        ArgumentPlace whole = place(key);
        if (whole != null) return whole;
        return written.keySet().stream()
                .filter(schema.parts(key)::contains)
                .findFirst()
                .map(this::place)
                .orElse(null);
    }

    /** A flag means to replace what the file says: forgets the file's {@code other} if {@code key} came as a flag. */
    public void displace(String key, String other) {
        ArgumentPlace winner = place(key);
        ArgumentPlace loser = place(other);
        if (winner != null && loser != null && winner.isFlag() && !loser.isFlag()) written.remove(other);
    }

    /** As {@link #displace} for compounds: a flag {@code train} replaces all parts in the file, a part the plain value. */
    public void displaceCompounds() {
        for (ArgumentKey key : schema.keys()) {
            for (String part : schema.parts(key.name())) {
                displace(key.name(), part);
                displace(part, key.name());
            }
        }
    }

    /** The values in their Java types; what cannot be converted goes to {@code errors} and is left out. */
    public Map<String, @Nullable Object> convert(Mistakes errors) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        written.forEach((name, value) -> {
            ArgumentKey key = schema.find(name).orElseThrow();
            try {
                if (value.text() != null) {
                    values.put(name, convert(key, value.text()));
                } else if (!key.initial().isEmpty() || key.required()) {
                    errors.broken(name, value.place(), name + " has no value, but must be " + key.kind() + ".");
                }
            } catch (IllegalArgumentException e) {
                errors.broken(name, value.place(), e.getMessage());
            }
        });
        return values;
    }

    @SuppressWarnings("unchecked") // what was written is a text or a list of texts
    private static Object convert(ArgumentKey key, Object text) {
        if (text instanceof String single) return key.parse(single);
        if (key.isList()) return key.check(List.copyOf((List<?>) text));
        if (key.isOpen()) return key.parse(String.join(", ", List.copyOf((List<String>) text)));
        throw new IllegalArgumentException(key.name() + " is a list, but must be " + key.kind() + ".");
    }
}
