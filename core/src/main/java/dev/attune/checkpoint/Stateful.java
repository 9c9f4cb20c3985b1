package dev.attune.checkpoint;

/**
 * A part of a run that remembers something from one step to the next. What {@link #save} wrote down, {@link #load} takes up
 * again: from there on the part behaves as the one that was saved, to the last bit.
 */
public interface Stateful {
    /** Writes down what is remembered. The tensors are those of the part itself, so they are to be used before its next step. */
    void save(StateDict state);

    /**
     * Takes up what was written down, in place of what this part remembers. Tensors of the state may be taken over, so a state
     * that was read is loaded once.
     *
     * @throws dev.attune.error.CheckpointException if something is missing or does not fit
     */
    void load(StateDict state);
}
