package dev.attune.config;

import dev.attune.error.ConfigException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads YAML that is flat, but for compound keys, and keeps the line of every key. Scalars stay the texts that were written: the schema knows the types,
 * so {@code label_column: no} and {@code learning_rate: 1e-3} mean what they say.
 */
public final class YamlKeys {
    /** Gets each key with its value: a {@code String}, a {@code List<String>}, or null. */
    public interface Sink {
        void put(String key, @Nullable Object value, ArgumentPlace place);
    }

    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");

    private final String name;
    private final List<String> lines;
    private final JsonParser parser;
    private final Predicate<String> compound;
    private final Predicate<String> open;
    private final Mistakes errors;

    private YamlKeys(
            String name,
            String yaml,
            JsonParser parser,
            Predicate<String> compound,
            Predicate<String> open,
            Mistakes errors) {
        this.name = name;
        this.lines = yaml.lines().toList();
        this.parser = parser;
        this.compound = compound;
        this.open = open;
        this.errors = errors;
    }

    /**
     * @param compound which keys may have keys below them; those are handed on as {@code train_jdbc}
     * @param open which keys may have any names below them; those are handed on together, as a JSON object
     */
    public static void read(
            String name, String yaml, Predicate<String> compound, Predicate<String> open, Sink sink, Mistakes errors) {
        String text = yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml;
        try (JsonParser parser = new YAMLMapper().createParser(new WholeCharacters(text))) {
            new YamlKeys(name, text, parser, compound, open, errors).document(sink);
        } catch (JacksonException e) {
            TokenStreamLocation location = e.getLocation();
            String reason = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
            String where = location == null ? name : name + ":" + location.getLineNr();
            throw new ConfigException(where + ": this is not YAML: " + reason + ".", e);
        }
    }

    private void document(Sink sink) {
        JsonToken first = parser.nextToken();
        if (first == null || first == JsonToken.VALUE_NULL) return;
        if (first != JsonToken.START_OBJECT) {
            throw new ConfigException(place() + ": a recipe is a list of \"key: value\" lines, but this is \""
                    + (first.isScalarValue() ? parser.getString() : first.asString()) + "\".");
        }
        object("", sink, new HashMap<>());
        if (parser.nextToken() != null) {
            throw new ConfigException(place() + ": a recipe is one YAML document, but a second one starts here.");
        }
    }

    private void object(String prefix, Sink sink, Map<String, Integer> seen) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = prefix + parser.currentName();
            ArgumentPlace place = place();
            JsonToken token = parser.nextToken();
            boolean isOpen = token == JsonToken.START_OBJECT && open.test(key);
            if (token == JsonToken.START_OBJECT && !isOpen && compound.test(key)) {
                object(key + "_", sink, seen);
                continue;
            }
            Object value = isOpen ? names(key, place) : value(key, token, place);
            Integer before = seen.putIfAbsent(key, place.line());
            if (before != null) {
                errors.add(place, key + " was already set in line " + before + ". Delete one of the two.");
            } else if (value != this) {
                sink.put(key, value, place);
            }
        }
    }

    /** The value of a key, or {@code this} if it has a form that no key has. */
    private @Nullable Object value(String key, JsonToken token, ArgumentPlace place) {
        if (token == JsonToken.START_ARRAY) return list(key, place);
        if (token == JsonToken.START_OBJECT) {
            errors.add(place, key + " has keys of its own, but a recipe is flat: put them at the left margin.");
            parser.skipChildren();
            return this;
        }
        return token == JsonToken.VALUE_NULL ? null : scalar(token);
    }

    /** The names below a key with their values, as a JSON object of texts. */
    private Object names(String key, ArgumentPlace place) {
        Map<String, String> names = new LinkedHashMap<>();
        boolean flat = true;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String below = parser.currentName();
            JsonToken token = parser.nextToken();
            flat &= token.isScalarValue();
            if (!token.isScalarValue()) {
                parser.skipChildren();
            } else if (names.putIfAbsent(below, scalar(token)) != null) {
                errors.add(place, key + " names \"" + below + "\" twice. Delete one of the two.");
            }
        }
        if (flat) return JsonMapper.shared().writeValueAsString(names);
        errors.add(place, key + " must have a plain value for each name.");
        return this;
    }

    private Object list(String key, ArgumentPlace place) {
        List<String> entries = new ArrayList<>();
        boolean flat = true;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            flat &= token.isScalarValue();
            if (token.isScalarValue()) {
                entries.add(scalar(token));
            } else {
                parser.skipChildren();
            }
        }
        if (flat) return entries;
        errors.add(place, key + " must be a list of plain texts.");
        return this;
    }

    private String scalar(JsonToken token) {
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE && token != JsonToken.VALUE_NULL) {
            return parser.getString();
        }
        // The parser says "true" for True as well, but a label is what stands in the file.
        TokenStreamLocation at = parser.currentTokenLocation();
        Matcher word = WORD.matcher(lines.get(at.getLineNr() - 1));
        return word.find(at.getColumnNr() - 1) ? word.group() : token.asString();
    }

    private ArgumentPlace place() {
        return new ArgumentPlace(name, Math.max(1, parser.currentTokenLocation().getLineNr()));
    }
}
