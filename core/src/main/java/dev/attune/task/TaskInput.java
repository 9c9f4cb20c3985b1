package dev.attune.task;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.model.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * What a task is prepared from.
 *
 * @param rows all rows that labels may be taken from: training and validation rows before they are split
 * @param trained the config of a model that has been fine-tuned already: its labels hold, not those of the rows; null
 *     before a training
 * @param options what is asked of loss and metrics
 * @param seed decides what the task draws at random, if it does: {@code seed} of the training
 * @param cache where what was found out about large data is kept
 */
public record TaskInput(Dataset rows, @Nullable ModelConfig trained, TaskOptions options, long seed, DataCache cache) {
    /** The default of {@code seed}: what an evaluation draws with. */
    public static final long SEED = 42;
}
