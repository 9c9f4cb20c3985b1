package dev.attune.train;

import dev.attune.task.EvaluationSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a training is evaluated on: a set whose results are called {@code eval_loss} and so on, sets with names whose results
 * are called {@code eval_NAME_loss}, or both. Each is evaluated whenever an evaluation is due.
 *
 * @param byName the sets in the order of their evaluation; the one without a name is called {@code ""}
 */
public record EvaluationSets(Map<String, EvaluationSet> byName) {
    /** Nothing to evaluate on. */
    public static final EvaluationSets NONE = new EvaluationSets(Map.of());

    /** Leaves out sets that are empty. */
    public EvaluationSets {
        Map<String, EvaluationSet> kept = new LinkedHashMap<>(byName);
        kept.values().removeIf(EvaluationSet::isEmpty);
        byName = Collections.unmodifiableMap(kept);
    }

    /** One set, without a name. */
    public static EvaluationSets of(EvaluationSet set) {
        return new EvaluationSets(Map.of("", set));
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Examples of all sets. */
    public int size() {
        return byName.values().stream().mapToInt(set -> set.examples().size()).sum();
    }

    /** What the results of a set begin with, as the reference's do: {@code eval_} or {@code eval_NAME_}. */
    public static String prefix(String name) {
        return name.isEmpty() ? "eval_" : "eval_" + name + "_";
    }
}
