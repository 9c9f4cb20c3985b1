package dev.attune.config;

import dev.attune.error.Suggestion;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of something that another key names, as those of a schedule or an optimizer: a compound key that may be written
 * in one line, {@code num_cycles=2,power=3} or JSON, as Hugging Face's command line takes it, and whose parts belong to some
 * values of that other key only.
 */
public final class CompoundArguments {
    private final String key;
    private final String selector;
    private final String kind;
    private final OneLine line;
    private final Map<String, List<String>> owners;

    /**
     * @param key of the compound
     * @param selector the key whose value they belong to
     * @param kind what that names, in a word
     * @param schema of the compound's record
     * @param owners the values of {@code selector} that take a part, by the name of the part
     */
    public CompoundArguments(
            String key, String selector, String kind, ArgumentSchema schema, Map<String, List<String>> owners) {
        this.key = key;
        this.selector = selector;
        this.kind = kind;
        this.line = new OneLine(key, "name=value", schema, this::unknown);
        this.owners = owners;
    }

    /**
     * The values that a line gives, each of the type of its component.
     *
     * @param text null for none
     * @throws ContradictionException with everything that is wrong with it
     */
    public Map<String, Object> read(@Nullable String text) {
        return text == null || text.isBlank() ? Map.of() : line.read(text);
    }

    private String unknown(String name) {
        return HuggingFaceNames.explain(key + "_" + name)
                .orElseGet(() -> key + " has \"" + name + "\", which no " + kind + " takes."
                        + Suggestion.didYouMean(name, owners.keySet()));
    }

    /** Adds a sentence for each value that is there but does not belong to what {@code selector} names. */
    public void check(String selected, Map<String, @Nullable Object> values, Contradictions wrong) {
        values.forEach((name, value) -> {
            if (value == null || owners.get(name).contains(selected)) return;
            wrong.add(
                    key + " has " + name + ", which belongs to " + String.join(", ", owners.get(name)) + ", but "
                            + selector + " is \"" + selected + "\". Delete it.",
                    key,
                    key + "_" + name,
                    selector);
        });
    }
}
