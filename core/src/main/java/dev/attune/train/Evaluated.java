package dev.attune.train;

import dev.attune.task.Artifact;
import java.util.List;
import java.util.Map;

/**
 * What one evaluation gave.
 *
 * @param results Hugging Face's names with their prefix ({@code eval_loss}, …), in the order to show them
 * @param artifacts what a report can draw
 */
public record Evaluated(Map<String, Double> results, List<Artifact> artifacts) {
    static final Evaluated NOTHING = new Evaluated(Map.of(), List.of());
}
