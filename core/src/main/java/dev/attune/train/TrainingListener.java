package dev.attune.train;

/**
 * What a run tells while it goes on. All methods are called on the training thread, in order; an implementation that
 * throws stops the run, one that blocks delays it.
 */
public interface TrainingListener {
    /** A listener that hears nothing. */
    TrainingListener SILENT = new TrainingListener() {};

    /** Once, when model and data are loaded and before the first step. */
    default void onTrainBegin(RunInfo info) {}

    /** After each optimizer step. */
    default void onLog(LogEvent event) {}

    /** After each evaluation. */
    default void onEvaluate(EvaluationEvent event) {}

    /** After each checkpoint that was saved. */
    default void onSave(SaveEvent event) {}

    /** A sentence for the reader, without a line end: a warning, a note about the data. */
    default void onMessage(String text) {}

    /** Once, after the model is saved. Not called when the run fails. */
    default void onTrainEnd(TrainSummary summary) {}
}
