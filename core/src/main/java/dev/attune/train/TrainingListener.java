package dev.attune.train;

/**
 * What a run tells while it goes on, under the names of the reference's callbacks. Who wants something of the run asks its
 * {@link TrainerControl}, from one of these methods or from any other thread. All methods are called on the training thread, in
 * order; an implementation that throws stops the run, one that blocks delays it.
 */
public interface TrainingListener {
    /** A listener that hears nothing. */
    TrainingListener SILENT = new TrainingListener() {};

    /** Once, when model and data are loaded and before the first step. */
    default void onTrainBegin(RunInfo info) {}

    /** Before the first step of each epoch. */
    default void onEpochBegin(EpochEvent event) {}

    /** Before each optimizer step. @param step from 1 */
    default void onStepBegin(int step) {}

    /** After each optimizer step. */
    default void onStepEnd(LogEvent event) {}

    /** After a step that {@code logging_strategy} wants to be recorded, after {@link #onStepEnd}. */
    default void onLog(LogEvent event) {}

    /** After each evaluation, once for each set. */
    default void onEvaluate(EvaluationEvent event) {}

    /** After the last step of each epoch, and what was due after it. */
    default void onEpochEnd(EpochEvent event) {}

    /** After each checkpoint that was saved. */
    default void onSave(SaveEvent event) {}

    /** A sentence for the reader, without a line end: a warning, a note about the data. */
    default void onMessage(String text) {}

    /** Once, after the model is saved. Not called when the run fails. */
    default void onTrainEnd(TrainSummary summary) {}
}
