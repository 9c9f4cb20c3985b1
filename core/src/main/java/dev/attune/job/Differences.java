package dev.attune.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** What two records of JSON, one of before and one of now, say differently: a few words for each key. */
public final class Differences {
    private final List<String> found = new ArrayList<>();

    /** Compares all that one of two objects has. */
    public void addAll(JsonNode before, JsonNode now) {
        addAll(before, now, Set.of());
    }

    /** As {@link #addAll(JsonNode, JsonNode)}, but for some keys. */
    public void addAll(JsonNode before, JsonNode now, Set<String> free) {
        for (String key : names(before, now)) {
            if (!free.contains(key)) add(key, before.path(key), now.path(key));
        }
    }

    /** Compares two values. Numbers of Java and of JSON may have different classes: their texts tell. */
    public void add(String key, JsonNode before, JsonNode now) {
        if (text(before).equals(text(now))) return;
        add(key + " was " + text(before) + " and is " + text(now));
    }

    /** Another difference, in words. */
    public void add(String words) {
        found.add(words);
    }

    public List<String> found() {
        return List.copyOf(found);
    }

    /** The keys of either. */
    static Set<String> names(JsonNode one, JsonNode other) {
        Set<String> names = new TreeSet<>();
        one.properties().forEach(entry -> names.add(entry.getKey()));
        other.properties().forEach(entry -> names.add(entry.getKey()));
        return names;
    }

    /** A value as people read it. */
    static String text(JsonNode value) {
        return value.isMissingNode() || value.isNull()
                ? "not set"
                : value.isString() ? value.stringValue() : value.toString();
    }
}
