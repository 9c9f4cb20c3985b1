package dev.attune.adapt;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.OneLine;
import dev.attune.error.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code lora} in one line: true, false, {@code r=8,target_modules=query,value}, or JSON. */
record LoraText(Map<String, Object> values, boolean isOn, boolean isOff) {

    /** @throws dev.attune.config.ContradictionException if the text cannot be read */
    static LoraText read(@Nullable String text, ArgumentSchema schema) {
        if (text == null) return new LoraText(Map.of(), false, false);
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (List.of("true", "yes").contains(word)) return new LoraText(Map.of(), true, false);
        if (List.of("false", "no").contains(word)) return new LoraText(Map.of(), false, true);
        OneLine line = new OneLine(LoraConfig.KEY, "true or name=value", schema, name -> unknown(name, schema));
        return new LoraText(line.read(text), true, false);
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
