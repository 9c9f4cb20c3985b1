package dev.attune.task;

import dev.attune.data.Batch;
import java.util.List;
import java.util.Map;

/** Gathers what the metrics need, batch by batch; memory does not grow with the set unless a metric cannot do without. */
public interface Evaluation {
    /**
     * Computes one batch, without gradients, and takes it into the metrics. Batches come in any order; {@link Batch#rows}
     * says which examples they hold.
     */
    RowLoss add(Batch batch);

    /**
     * Values by their Hugging Face names without prefix: {@code accuracy}, {@code f1_macro}. One named {@code loss} takes
     * the place of the mean over batches, for tasks that weigh each label alike.
     */
    Map<String, Double> results();

    /** What the user should know besides, one sentence each: that all rows get the same answer. */
    default List<String> notes() {
        return List.of();
    }

    /** What a report can draw: tables, matrices, points. */
    List<Artifact> artifacts();
}
