package dev.attune.task;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model is evaluated on.
 *
 * @param examples encoded rows with labels
 * @param rows the rows they were made from, for reports that show them; null if the caller has none
 */
public record EvaluationSet(Examples examples, @Nullable Dataset rows) {
    /** Nothing to evaluate on. */
    public static final EvaluationSet NONE = of(List.of());

    /** Examples without rows. */
    public static EvaluationSet of(List<Example> examples) {
        return new EvaluationSet(Examples.of(examples), null);
    }

    public boolean isEmpty() {
        return examples.size() == 0;
    }
}
