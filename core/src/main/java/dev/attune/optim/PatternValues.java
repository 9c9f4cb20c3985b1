package dev.attune.optim;

import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import dev.attune.nn.NamePattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for parameters, by parts of their names: the entries {@code PATTERN=NUMBER} of {@code learning_rates} and {@code
 * weight_decays}. A pattern is one or more whole parts of a name, as they stand between the dots: {@code layer.1} is in {@code
 * bert.encoder.layer.1.output.dense.weight}, but not in that of layer 10. Stars and brackets are those of {@link NamePattern}. Of
 * several entries that match a name the last one counts.
 */
public final class PatternValues {
    private final String key;
    private final Map<String, Double> values = new LinkedHashMap<>();
    private final Map<String, NamePattern> patterns = new LinkedHashMap<>();
    private final Collection<String> names;

    /**
     * @param entries without {@link #mistakes}
     * @param names of all parameters of the model
     */
    PatternValues(String key, List<String> entries, Collection<String> names) {
        this.key = key;
        this.names = names;
        for (String entry : entries) {
            int at = entry.lastIndexOf('=');
            String pattern = entry.substring(0, at).strip();
            values.put(pattern, number(entry.substring(at + 1)));
            patterns.put(pattern, Objects.requireNonNull(NamePattern.parse(pattern), pattern));
        }
    }

    /** A sentence for each entry that is none. */
    public static List<String> mistakes(String key, List<String> entries) {
        List<String> mistakes = new ArrayList<>();
        Set<String> before = new TreeSet<>();
        for (String entry : entries) {
            int at = entry.lastIndexOf('=');
            String pattern = at < 0 ? "" : entry.substring(0, at).strip();
            if (pattern.isEmpty() || number(entry.substring(at + 1)) == null) {
                mistakes.add(
                        key + " has the entry \"" + entry + "\", but one is a part of the names of parameters, = and a"
                                + " number that is at least 0, for instance classifier=0.001.");
            } else if (NamePattern.parse(pattern) == null) {
                mistakes.add(
                        key + " has \"" + pattern + "\", which is no name. Brackets choose layers as in Python, for"
                                + " instance layer[:10] or layer[-1].");
            } else if (!before.add(pattern)) {
                mistakes.add(key + " has two entries for \"" + pattern + "\". Delete one of them.");
            }
        }
        return mistakes;
    }

    private static @Nullable Double number(String text) {
        try {
            // Java would take 1f and 0x1p3 for numbers too.
            if (!text.strip().matches("[+]?[0-9.]+([eE][+-]?[0-9]+)?")) return null;
            double value = Double.parseDouble(text.strip());
            return Double.isFinite(value) ? value : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The number for this parameter; null if no entry matches. */
    @Nullable
    Double of(String name) {
        Double found = null;
        for (Map.Entry<String, NamePattern> each : patterns.entrySet()) {
            if (each.getValue().isIn(name, names)) found = values.get(each.getKey());
        }
        return found;
    }

    /**
     * @param some of the parameters
     * @param what they are, in words
     * @throws ConfigException naming a pattern that matches none of them
     */
    void requireMatches(Collection<String> some, String what) {
        patterns.forEach((text, pattern) -> {
            if (some.stream().anyMatch(name -> pattern.isIn(name, names))) return;
            throw new ConfigException(key + " has \"" + text + "\", which is in the name of no " + what + "."
                    + Suggestion.didYouMean(text, parts(some)));
        });
    }

    /** All that a pattern may be: neighbouring parts of the names. */
    private static Set<String> parts(Collection<String> names) {
        Set<String> parts = new TreeSet<>();
        for (String name : names) {
            String[] each = name.split("\\.");
            for (int from = 0; from < each.length; from++) {
                for (int to = from + 1; to <= each.length; to++) {
                    parts.add(String.join(".", Arrays.copyOfRange(each, from, to)));
                }
            }
        }
        return parts;
    }
}
