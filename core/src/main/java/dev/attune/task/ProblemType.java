package dev.attune.task;

import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import java.util.Arrays;
import java.util.Locale;

/** What the scores of a sequence classifier mean; decides loss, metric and prediction. Names of Hugging Face. */
public enum ProblemType {
    /** Exactly one label: cross entropy. */
    SINGLE_LABEL_CLASSIFICATION,
    /** Any number of labels: a binary cross entropy for each. */
    MULTI_LABEL_CLASSIFICATION,
    /** A number: squared error. */
    REGRESSION;

    /** The name in config.json. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return key();
    }

    public static ProblemType named(String key) {
        for (ProblemType type : values()) if (type.key().equals(key)) return type;
        var keys = Arrays.stream(values()).map(ProblemType::key).toList();
        throw new ConfigException("There is no problem_type \"" + key + "\"." + Suggestion.didYouMean(key, keys)
                + " There are " + String.join(", ", keys) + ".");
    }
}
