package dev.attune.adapt;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import dev.attune.error.Suggestion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code lora} in one line: true, false, {@code r=8,target_modules=query,value}, or JSON. */
record LoraText(Map<String, Object> values, boolean isOn, boolean isOff) {

    /** @throws dev.attune.config.ContradictionException if the text cannot be read */
    static LoraText read(@Nullable String text, ArgumentSchema schema) {
        if (text == null) return new LoraText(Map.of(), false, false);
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (List.of("true", "yes").contains(word)) return new LoraText(Map.of(), true, false);
        if (List.of("false", "no").contains(word)) return new LoraText(Map.of(), false, true);
        Contradictions wrong = new Contradictions();
        Map<String, Object> values = new LinkedHashMap<>();
        written(text, schema, wrong).forEach((name, value) -> {
            ArgumentKey key = name.equals("text") ? null : schema.find(name).orElse(null);
            try {
                if (key == null) wrong.add(unknown(name, schema), LoraConfig.KEY);
                else values.put(key.name(), key.parse(value));
            } catch (IllegalArgumentException e) {
                wrong.add(LoraConfig.KEY + ": " + e.getMessage(), LoraConfig.KEY);
            }
        });
        wrong.throwIfAny();
        return new LoraText(values, true, false);
    }

    private static String unknown(String name, ArgumentSchema schema) {
        List<String> names = schema.keys().stream()
                .map(ArgumentKey::name)
                .filter(key -> !key.equals("text"))
                .toList();
        String peft = name.startsWith("lora_") ? name.substring(5) : name.replace("_lora_", "_");
        return "lora has \"" + name + "\", which is no key of it."
                + (names.contains(peft) ? " It is called " + peft + " here." : Suggestion.didYouMean(name, names));
    }

    private static Map<String, String> written(String text, ArgumentSchema schema, Contradictions wrong) {
        Map<String, String> written = new LinkedHashMap<>();
        if (text.strip().startsWith("{")) {
            try {
                for (Map.Entry<String, JsonNode> entry :
                        JsonMapper.shared().readTree(text).properties()) {
                    written.put(entry.getKey(), plain(entry.getValue()));
                }
            } catch (JacksonException e) {
                wrong.add("lora is \"" + text + "\", which is no JSON.", LoraConfig.KEY);
            }
            return written;
        }
        String last = "";
        for (String part : text.split(",")) {
            int at = part.indexOf('=');
            if (at >= 0) {
                last = part.substring(0, at).strip();
                written.put(last, part.substring(at + 1).strip());
            } else if (schema.find(last).filter(ArgumentKey::isList).isPresent()) {
                written.merge(last, part.strip(), (list, entry) -> list + "," + entry);
            } else {
                wrong.add("lora has \"" + part.strip() + "\", but true or name=value was expected.", LoraConfig.KEY);
            }
        }
        return written;
    }

    private static String plain(JsonNode value) {
        if (!value.isArray()) return value.asString();
        return String.join(",", value.valueStream().map(JsonNode::asString).toList());
    }

    /** As {@link #or} for a list; nothing, as of a run that had no adapters, is an empty one. */
    List<String> list(String name, @Nullable List<String> key) {
        List<String> list = or(name, key);
        return list == null ? List.of() : List.copyOf(list);
    }

    /** The value that the text has, else that of the key. */
    @SuppressWarnings("unchecked") // a key's values have the type of its component
    <T extends @Nullable Object> T or(String name, T key) {
        return (T) values.getOrDefault(name, key);
    }
}
