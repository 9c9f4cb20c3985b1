package dev.attune.train;

/**
 * What a training is asked for while it runs, from any thread: a callback, a server, a signal. It answers after the step
 * under way. The reference's class of this name is for callbacks only.
 */
public final class TrainerControl {
    private volatile boolean stop;
    private volatile boolean cancel;
    private volatile boolean save;
    private volatile boolean evaluate;

    /** Ends the training as if its last step were done: the model is evaluated and saved ({@code should_training_stop}). */
    public void stop() {
        stop = true;
    }

    /**
     * Breaks the run off, to be resumed: a checkpoint is saved, whatever {@code save_strategy} says, and {@link
     * dev.attune.error.StoppedException} thrown.
     */
    public void cancel() {
        cancel = true;
    }

    /** Saves a checkpoint ({@code should_save}). */
    public void save() {
        save = true;
    }

    /** Evaluates, if there is something to evaluate on ({@code should_evaluate}). */
    public void evaluate() {
        evaluate = true;
    }

    public boolean isStopped() {
        return stop;
    }

    public boolean isCancelled() {
        return cancel;
    }

    /** Whether a checkpoint was asked for since the last call. */
    boolean takeSave() {
        boolean asked = save;
        save = false;
        return asked;
    }

    /** Whether an evaluation was asked for since the last call. */
    boolean takeEvaluate() {
        boolean asked = evaluate;
        evaluate = false;
        return asked;
    }
}
