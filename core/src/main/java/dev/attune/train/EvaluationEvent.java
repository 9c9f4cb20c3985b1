package dev.attune.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of one evaluation.
 *
 * @param step optimizer steps done
 * @param epoch epochs done, fractional
 * @param metrics Hugging Face's names ({@code eval_loss}, {@code eval_accuracy}, …) to values, in the order to show them
 */
public record EvaluationEvent(int step, double epoch, Map<String, Double> metrics) {
    public EvaluationEvent {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
}
