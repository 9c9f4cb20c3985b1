package dev.attune.model;

import dev.attune.error.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much is dropped in training, in place of what config.json says. Each family knows which of its own keys are meant, so
 * the same three names work for all.
 *
 * <pre>{@code
 * DropoutRates rates = DropoutRates.NONE.withHidden(0.2).withClassifier(0.3);
 * Models.load(folder, Head.SEQUENCE_CLASSIFICATION, config ->
 *         rates.applyTo(config.withLabels(labels), Head.SEQUENCE_CLASSIFICATION));
 * }</pre>
 *
 * @param hidden probability from 0 to less than 1 after embeddings and sublayers; null for the model's own
 * @param attention the same of what a token takes from others
 * @param classifier the same before the last layer of a head
 */
public record DropoutRates(
        @Nullable Double hidden,
        @Nullable Double attention,
        @Nullable Double classifier) {
    /** The model's own. */
    public static final DropoutRates NONE = new DropoutRates(null, null, null);

    public DropoutRates {
        require(DropoutField.HIDDEN, hidden);
        require(DropoutField.ATTENTION, attention);
        require(DropoutField.CLASSIFIER, classifier);
    }

    private static void require(String name, @Nullable Double rate) {
        if (rate == null || rate >= 0 && rate < 1) return;
        throw new ConfigException(name + " is " + rate + ", but must be from 0 to less than 1.");
    }

    public DropoutRates withHidden(double rate) {
        return new DropoutRates(rate, attention, classifier);
    }

    public DropoutRates withAttention(double rate) {
        return new DropoutRates(hidden, rate, classifier);
    }

    public DropoutRates withClassifier(double rate) {
        return new DropoutRates(hidden, attention, rate);
    }

    /**
     * A config with these rates under the family's own keys.
     *
     * @throws ConfigException if a rate is set of a kind that the family, or a model with this head, does not have
     */
    public ModelConfig applyTo(ModelConfig config, Head head) {
        Map<String, @Nullable Double> asked = new LinkedHashMap<>();
        asked.put(DropoutField.HIDDEN, hidden);
        asked.put(DropoutField.ATTENTION, attention);
        asked.put(DropoutField.CLASSIFIER, classifier);
        List<DropoutField> fields = Models.dropout(config, head);
        ModelConfig changed = config;
        for (Map.Entry<String, @Nullable Double> each : asked.entrySet()) {
            Double rate = each.getValue();
            if (rate == null) continue;
            for (String key : keys(each.getKey(), fields, config, head)) changed = changed.with(key, rate);
        }
        return changed;
    }

    private static List<String> keys(String name, List<DropoutField> fields, ModelConfig config, Head head) {
        for (DropoutField field : fields) if (field.name().equals(name)) return field.configKeys();
        throw new ConfigException(name + " is set, but a model of the type " + config.text("model_type", "") + " for "
                + head.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + " has no such dropout. Delete the key. There is "
                + String.join(" and ", fields.stream().map(DropoutField::name).toList())
                + ".");
    }

    /** The rates that a config gives a model with this head, by the names of the keys. */
    public static Map<String, Double> inForce(ModelConfig config, Head head) {
        Map<String, Double> rates = new LinkedHashMap<>();
        for (DropoutField field : Models.dropout(config, head)) {
            rates.put(field.name(), field.inForce().applyAsDouble(config));
        }
        return rates;
    }
}
