package dev.attune.task;

import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.error.ConfigException;
import dev.attune.tensor.Losses;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The loss of classes that settings ask for, and the weights that it took from the training data.
 *
 * @param asked null for classes that count alike
 * @param gamma of the focal loss, 0 for none
 * @param weights what {@code asked} means for the training data; null before they are known
 */
public record LearnedLoss(
        @Nullable ClassWeights asked, double gamma, double labelSmoothing, double @Nullable [] weights) {

    /** All classes alike. */
    public static LearnedLoss plain(TaskOptions options) {
        return new LearnedLoss(null, 0, options.labelSmoothing(), null);
    }

    /**
     * @param labels the names of the classes
     * @throws ConfigException if the weights do not belong to these labels, or if the loss is one of the caller
     */
    public static LearnedLoss of(@Nullable ClassWeights asked, double gamma, List<String> labels, TaskOptions options) {
        if (asked == null && gamma == 0) return plain(options);
        if (options.computeLoss() != null) {
            throw new ConfigException((asked == null ? FocalLoss.KEY : ClassWeights.KEY)
                    + " changes the task's own loss, but the loss is one of the caller. Leave one of them out.");
        }
        if (asked != null) asked.check(labels);
        return new LearnedLoss(asked, gamma, options.labelSmoothing(), null);
    }

    /** With the weights for these training examples: those of their labels, or of their targets if they have several. */
    public LearnedLoss on(Examples train, List<String> labels) {
        if (asked == null) return this;
        boolean isMany = false;
        long[] counts = new long[labels.size()];
        for (int i = 0; i < train.size(); i++) {
            Example example = train.get(i, 0);
            isMany |= example.targets().length > 0;
            for (int id : example.labels()) if (id != Losses.IGNORED) counts[id]++;
            for (int c = 0; c < example.targets().length; c++) if (example.targets()[c] == 1) counts[c]++;
        }
        return with(isMany ? asked.positive(labels, counts, train.size()) : asked.of(labels, counts));
    }

    /** With weights that are known. */
    public LearnedLoss with(double[] learned) {
        return new LearnedLoss(asked, gamma, labelSmoothing, learned);
    }

    /** What computes it. */
    public ClassLoss classLoss() {
        return new ClassLoss(weights, gamma, labelSmoothing);
    }

    /** What is in force, for run.json. */
    public Map<String, ?> record(List<String> labels) {
        if (weights == null) return Map.of();
        Map<String, Double> byName = new LinkedHashMap<>();
        for (int c = 0; c < weights.length; c++) byName.put(labels.get(c), weights[c]);
        return Map.of(ClassWeights.KEY, byName);
    }

    /** What is in force, for people. */
    public List<String> notes(List<String> labels) {
        return asked == null || weights == null ? List.of() : List.of(asked.describe(labels, weights));
    }
}
