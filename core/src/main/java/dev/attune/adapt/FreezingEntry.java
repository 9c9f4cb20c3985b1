package dev.attune.adapt;

import dev.attune.error.ConfigException;
import dev.attune.model.LayerStack;
import dev.attune.model.PretrainedModel;
import dev.attune.nn.NamePattern;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@link Freezing}.
 *
 * @param text as it was written
 * @param meaning from a model to the names of parameters
 */
record FreezingEntry(String text, Function<PretrainedModel, Set<String>> meaning) {
    /** The words that are no names. */
    static final String BASE = "base";

    static final String ALL_BUT_LAST = "all_but_last";

    private static final Pattern LAST = Pattern.compile(ALL_BUT_LAST + "(\\s*[=:]\\s*(.*))?");

    /** What programs call the model that they freeze. */
    private static final String MODEL = "model.";

    /** @throws ConfigException if it is none */
    static FreezingEntry parse(String entry) {
        String text = entry.strip();
        // The reference's base_model, of which the pooler is a part.
        if (text.equals(BASE)) return new FreezingEntry(text, PretrainedModel::backboneParameters);
        Matcher last = LAST.matcher(text);
        if (last.matches()) {
            int count = count(text, last.group(2));
            return new FreezingEntry(text, model -> allButLast(model, count));
        }
        NamePattern pattern = text.isEmpty() ? null : NamePattern.parse(text);
        if (pattern == null) {
            throw new ConfigException(
                    "freeze has \"" + text + "\", which is no name. Brackets choose layers as in Python,"
                            + " for instance encoder.layer[:10], encoder.layer[-1] or encoder.layer[0,2].");
        }
        NamePattern inner = text.startsWith(MODEL) ? NamePattern.parse(text.substring(MODEL.length())) : null;
        return new FreezingEntry(text, model -> {
            Map<String, String> names = names(model, Form.FULL);
            boolean isModule = names.keySet().stream().anyMatch(name -> name.startsWith(MODEL));
            return matching(inner == null || isModule ? pattern : inner, model);
        });
    }

    private static int count(String text, @Nullable String number) {
        if (number != null && number.strip().matches("\\d{1,6}")) return Integer.parseInt(number.strip());
        throw new ConfigException("freeze has \"" + text + "\", but " + ALL_BUT_LAST
                + " needs a number of layers, for instance " + ALL_BUT_LAST + "=2.");
    }

    /** The parameters that the entry means. */
    Set<String> names(PretrainedModel model) {
        return meaning.apply(model);
    }

    /** How the name of a parameter is written. */
    enum Form {
        /** {@code bert.encoder.layer.0.output.dense.bias}. */
        FULL,
        /** The same without {@code bert.}; of a backbone alone, which has no such name, with it. */
        OTHER
    }

    /** The parameters by their names in this form; those that share a tensor have several. */
    static Map<String, String> names(PretrainedModel model, Form form) {
        Map<String, String> names = new LinkedHashMap<>();
        model.parameters().keySet().forEach(name -> names.put(name, name));
        names.putAll(model.tiedNames());
        if (form == Form.FULL) return names;
        String base = model.basePrefix();
        boolean hasBase = names.keySet().stream().anyMatch(name -> name.startsWith(base));
        Map<String, String> others = new LinkedHashMap<>();
        names.forEach((name, parameter) -> {
            if (!hasBase) others.put(base + name, parameter);
            else others.put(name.startsWith(base) ? name.substring(base.length()) : name, parameter);
        });
        return others;
    }

    private static Set<String> matching(NamePattern pattern, PretrainedModel model) {
        Set<String> found = new LinkedHashSet<>();
        for (Form form : Form.values()) {
            Map<String, String> names = names(model, form);
            names.forEach((name, parameter) -> {
                if (pattern.matches(name, names.keySet())) found.add(parameter);
            });
        }
        return found;
    }

    private static Set<String> allButLast(PretrainedModel model, int count) {
        LayerStack stack = model.stack();
        List<String> layers = stack.layers();
        if (count > layers.size()) {
            throw new ConfigException("freeze has " + ALL_BUT_LAST + "=" + count + ", but the model has "
                    + layers.size() + " layers. Take a smaller number.");
        }
        Set<String> found = new LinkedHashSet<>(model.parameters().keySet());
        found.removeIf(name -> stack.place(name) > layers.size() - count);
        return found;
    }
}
