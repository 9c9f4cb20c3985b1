package dev.attune.job;

import dev.attune.data.DataSource;
import dev.attune.data.RecipePaths;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An entry of {@code validation_sets}: {@code arabic=ar.csv}.
 *
 * @param name of the set; part of the names of its results and files
 */
record NamedSource(String name, DataSource source) {
    private static final Pattern ENTRY = Pattern.compile("([a-z][a-z0-9]*) *= *(.+)", Pattern.DOTALL);
    /** Files and records call other data by these names. */
    private static final Set<String> TAKEN = Set.of("train", "validation", "test");

    /** The sets in their order, by name; entries that are none are left out. */
    static Map<String, DataSource> byName(List<String> entries) {
        Map<String, DataSource> sets = new LinkedHashMap<>();
        for (String entry : entries) {
            NamedSource set = of(entry);
            if (set != null) sets.put(set.name, set.source);
        }
        return sets;
    }

    /** A sentence for each entry that cannot be. */
    static List<String> mistakes(String key, List<String> entries) {
        List<String> mistakes = new ArrayList<>();
        Map<String, DataSource> before = new LinkedHashMap<>();
        for (String entry : entries) {
            NamedSource set = of(entry);
            if (set == null) {
                mistakes.add(
                        key + " has the entry \"" + entry + "\", but one is a name of lower-case letters and digits,"
                                + " = and a file, a pattern or SQL, for instance arabic=ar.csv.");
            } else if (TAKEN.contains(set.name)) {
                mistakes.add(key + " calls a set \"" + set.name + "\", which means other data. Give it another name.");
            } else if (before.putIfAbsent(set.name, set.source) != null) {
                mistakes.add(key + " has two sets called \"" + set.name + "\". Give one of them another name.");
            } else if (String.valueOf(set.source.text()).startsWith("jdbc:")) {
                mistakes.add(key + " has the URL of a database for \"" + set.name
                        + "\", but its sets are files, patterns or SQL on DuckDB. Only validation can be a query on a"
                        + " database.");
            }
        }
        return mistakes;
    }

    /** The entry with its file as {@link RecipePaths#beside} finds it. */
    static String beside(Path folder, String entry) {
        Matcher parts = ENTRY.matcher(entry);
        return parts.matches()
                ? entry.substring(0, parts.start(2)) + RecipePaths.beside(folder, parts.group(2))
                : entry;
    }

    private static @Nullable NamedSource of(String entry) {
        Matcher parts = ENTRY.matcher(entry.trim());
        return parts.matches() ? new NamedSource(parts.group(1), DataSource.of(parts.group(2))) : null;
    }
}
