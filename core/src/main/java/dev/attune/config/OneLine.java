package dev.attune.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The keys below a compound key, written as its text: {@code num_cycles=2,power=3}, where a list goes on until the next name
 * ({@code r=8,target_modules=query,value}), or a JSON object.
 */
public final class OneLine {
    private final String key;
    private final String expected;
    private final ArgumentSchema schema;
    private final UnaryOperator<String> unknown;

    /**
     * @param key of the compound
     * @param expected what stands in a line, in words
     * @param schema of the compound's record
     * @param unknown a sentence about a name that is none of the schema's
     */
    public OneLine(String key, String expected, ArgumentSchema schema, UnaryOperator<String> unknown) {
        this.key = key;
        this.expected = expected;
        this.schema = schema;
        this.unknown = unknown;
    }

    /**
     * The values that a text gives, each of the type of its component.
     *
     * @throws ContradictionException with everything that is wrong with it
     */
    public Map<String, Object> read(String text) {
        Map<String, Object> values = new LinkedHashMap<>();
        Contradictions wrong = new Contradictions();
        written(text, wrong).forEach((name, value) -> {
            Optional<ArgumentKey> part = part(name);
            try {
                if (part.isEmpty()) wrong.add(unknown.apply(name), key);
                else values.put(part.get().name(), part.get().parse(value));
            } catch (IllegalArgumentException e) {
                wrong.add(key + ": " + e.getMessage(), key);
            }
        });
        wrong.throwIfAny();
        return values;
    }

    /** The text of the compound is no part of itself. */
    private Optional<ArgumentKey> part(String name) {
        return schema.find(name).filter(found -> !found.name().equals(ArgumentSchema.TEXT));
    }

    private boolean isList(String name) {
        return part(name).filter(ArgumentKey::isList).isPresent();
    }

    private Map<String, String> written(String text, Contradictions wrong) {
        return text.strip().startsWith("{") ? json(text, wrong) : parts(text, wrong);
    }

    private Map<String, String> json(String text, Contradictions wrong) {
        Map<String, String> written = new LinkedHashMap<>();
        try {
            JsonMapper.shared().readTree(text).properties().forEach(entry -> {
                String name = entry.getKey();
                JsonNode value = entry.getValue();
                written.put(
                        name,
                        value.isArray() && isList(name)
                                ? String.join(
                                        ",",
                                        value.valueStream()
                                                .map(JsonNode::asString)
                                                .toList())
                                : value.asString());
            });
        } catch (JacksonException e) {
            wrong.add(key + " is \"" + text + "\", which is no JSON.", key);
        }
        return written;
    }

    private Map<String, String> parts(String text, Contradictions wrong) {
        Map<String, String> written = new LinkedHashMap<>();
        String last = "";
        for (String part : text.split(",")) {
            int at = part.indexOf('=');
            if (at >= 0) {
                last = part.substring(0, at).strip();
                written.put(last, part.substring(at + 1).strip());
            } else if (isList(last)) {
                written.merge(last, part.strip(), (list, entry) -> list + "," + entry);
            } else {
                wrong.add(key + " has \"" + part.strip() + "\", but " + expected + " was expected.", key);
            }
        }
        return written;
    }
}
