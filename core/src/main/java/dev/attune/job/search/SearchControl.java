package dev.attune.job.search;

import dev.attune.train.TrainerControl;
import org.jspecify.annotations.Nullable;

/** What a search is asked for while it runs, from any thread. */
public final class SearchControl {
    private volatile boolean cancelled;
    private volatile @Nullable TrainerControl trial;

    /**
     * Breaks the search off, to be gone on with: the trial under way saves a checkpoint, and {@link
     * dev.attune.error.StoppedException} is thrown.
     */
    public void cancel() {
        cancelled = true;
        TrainerControl running = trial;
        if (running != null) running.cancel();
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /** A trial begins; whoever asked before asks it too. */
    void begin(TrainerControl control) {
        trial = control;
        if (cancelled) control.cancel();
    }
}
