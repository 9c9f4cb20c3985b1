package dev.attune.task;

import dev.attune.config.Contradictions;
import java.util.List;

/**
 * A kind of learning problem: what {@code task} of a recipe names. A task is one folder below this package and one line in
 * {@code META-INF/services/dev.attune.task.TaskType}; everything above asks it and knows no task by name. A jar on the
 * class path may bring more.
 *
 * @param <S> the task's settings, a record whose components carry {@link dev.attune.config.Argument}: keys of a recipe
 */
public interface TaskType<S extends Record> {
    /** The name in recipes and on the command line, Hugging Face's: {@code text-classification}. */
    String key();

    /** Other names for it: {@code sentiment-analysis}. */
    default List<String> aliases() {
        return List.of();
    }

    /** How {@code architectures} in the config.json of its models end: {@code ForSequenceClassification}. */
    default List<String> architectures() {
        return List.of();
    }

    /** What a model learns here, in one sentence. */
    String summary();

    /** Whether there is something to learn. A task without answers only predicts: {@link #prepare} is never asked. */
    default boolean trainable() {
        return true;
    }

    /** Whether its examples may be of one class each, so that some classes can be drawn more often than others. */
    default boolean hasClasses() {
        return false;
    }

    /** The settings of data and head: keys of a recipe that only this task has. */
    Class<S> settings();

    /** The settings of a prediction: flags of {@code predict} that only this task has. */
    Class<? extends Record> predictionSettings();

    /** Adds what {@code settings} and {@code options} may not say together; each record has checked itself before. */
    default void check(S settings, TaskOptions options, Contradictions wrong) {}

    /**
     * Finds columns and labels, or whatever else has to be known of the data before a model can be made.
     *
     * @throws dev.attune.error.DataException if the data lack what the task needs
     */
    TaskData prepare(S settings, TaskInput input);

    /**
     * A fine-tuned model ready to answer.
     *
     * @param predictionSettings a {@link #predictionSettings()}
     * @throws dev.attune.error.CheckpointException if the model has no trained head for this task
     */
    Pipeline<?, ?> pipeline(FineTuned model, Record predictionSettings);
}
