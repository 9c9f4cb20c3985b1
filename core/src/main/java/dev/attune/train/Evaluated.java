package dev.attune.train;

import dev.attune.error.ConfigException;
import dev.attune.task.Artifact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one evaluation gave.
 *
 * @param results Hugging Face's names with their prefix ({@code eval_loss}, …), in the order to show them
 * @param artifacts what a report can draw
 * @param notes what the user should know besides, one sentence each
 */
public record Evaluated(Map<String, Double> results, List<Artifact> artifacts, List<String> notes) {
    static final Evaluated NOTHING = new Evaluated(Map.of(), List.of(), List.of());

    /**
     * What the sets of a training gave together.
     *
     * @param sets by name; the one without a name is called {@code ""}
     * @throws ConfigException if a name makes the results of two sets the same: a set {@code f1} beside a metric {@code f1_macro}
     */
    static Evaluated of(Map<String, Evaluated> sets) {
        Map<String, Double> results = new LinkedHashMap<>();
        List<Artifact> artifacts = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        sets.forEach((name, set) -> {
            set.results().forEach((metric, value) -> {
                if (results.putIfAbsent(metric, value) == null) return;
                throw new ConfigException("The validation set \"" + name + "\" gives " + metric
                        + ", but so does another set. Give it another name.");
            });
            set.artifacts().forEach(a -> artifacts.add(name.isEmpty() ? a : a.of(name, name)));
            set.notes().forEach(note -> notes.add(name.isEmpty() ? note : name + ": " + note));
        });
        return new Evaluated(results, artifacts, notes);
    }
}
