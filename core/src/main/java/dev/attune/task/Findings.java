package dev.attune.task;

import dev.attune.task.Finding.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one look at the data found: as lines for people, and as facts for programs. A fact keeps its key whatever is found.
 *
 * @param key what was looked at: {@code duplicates}
 * @param facts texts, numbers, booleans, nulls, lists and maps of these
 */
public record Findings(String key, Map<String, @Nullable Object> facts, List<Finding> lines) {
    public Findings {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        lines = List.copyOf(lines);
    }

    /** Collects findings in the order in which they are to be shown. */
    public static Builder of(String key) {
        return new Builder(key);
    }

    /** See {@link Findings#of}. */
    public static final class Builder {
        private final String key;
        private final Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        private final List<Finding> lines = new ArrayList<>();

        private Builder(String key) {
            this.key = key;
        }

        public Builder fact(String name, @Nullable Object value) {
            facts.put(name, value);
            return this;
        }

        /** A line in the format of {@link String#format}. */
        public Builder line(Level level, String format, Object... values) {
            lines.add(Finding.of(level, format, values));
            return this;
        }

        public Builder info(String format, Object... values) {
            return line(Level.INFO, format, values);
        }

        public Builder warning(String format, Object... values) {
            return line(Level.WARNING, format, values);
        }

        public Builder error(String format, Object... values) {
            return line(Level.ERROR, format, values);
        }

        public Findings build() {
            return new Findings(key, facts, lines);
        }
    }
}
