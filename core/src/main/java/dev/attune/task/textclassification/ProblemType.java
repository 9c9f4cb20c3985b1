package dev.attune.task.textclassification;

import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import dev.attune.model.ModelConfig;
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

    /** What a saved model says of itself; without a word, one score is a regression, as the reference decides. */
    public static ProblemType of(ModelConfig config) {
        String orElse = config.labels().size() == 1 ? REGRESSION.key() : SINGLE_LABEL_CLASSIFICATION.key();
        try {
            return named(config.text("problem_type", orElse));
        } catch (ConfigException e) {
            throw new CheckpointException(config.source() + ": " + e.getMessage(), e);
        }
    }

    public static ProblemType named(String key) {
        for (ProblemType type : values()) if (type.key().equals(key)) return type;
        var keys = Arrays.stream(values()).map(ProblemType::key).toList();
        throw new ConfigException("There is no problem_type \"" + key + "\"." + Suggestion.didYouMean(key, keys)
                + " There are " + String.join(", ", keys) + ".");
    }
}
