package dev.attune.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of one evaluation on one set.
 *
 * @param step optimizer steps done
 * @param epoch epochs done, fractional
 * @param set the name of the set; empty for the one without a name
 * @param metrics Hugging Face's names ({@code eval_loss}, {@code eval_accuracy}, …) to values, in the order to show them
 */
public record EvaluationEvent(int step, double epoch, String set, Map<String, Double> metrics) {
    public EvaluationEvent {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /** Of the set without a name. */
    public EvaluationEvent(int step, double epoch, Map<String, Double> metrics) {
        this(step, epoch, "", metrics);
    }

    /** A metric by its name without prefix, {@code loss}; null if the evaluation has none. */
    public @Nullable Double metric(String name) {
        return metrics.get(EvaluationSets.prefix(set) + name);
    }
}
