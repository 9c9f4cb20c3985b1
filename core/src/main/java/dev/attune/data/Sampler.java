package dev.attune.data;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;

/**
 * The order of the examples in each epoch. Orders depend on the seed and the epoch only, so a resumed run asks for the
 * same epoch and gets the same order, and they are those of the Hugging Face Trainer in one process.
 */
@FunctionalInterface
public interface Sampler {
    /** @param epoch from 0
     * @return a new array that holds each example number once; where small classes are raised some several times, or not */
    int[] order(int epoch);

    /**
     * {@code train_sampling_strategy: random}: {@code torch.randperm(n)} with a generator seeded {@code seed + epoch}
     * (Accelerate's SeedableRandomSampler).
     *
     * @param seed the setting {@code data_seed}, or {@code seed} where that is not set
     */
    static Sampler random(int n, long seed) {
        requireExamples(n);
        return epoch -> new Mt19937(seed + epoch).permutation(n);
    }

    /** {@code train_sampling_strategy: sequential}, and the order of evaluation. */
    static Sampler sequential(int n) {
        requireExamples(n);
        return epoch -> {
            int[] order = new int[n];
            for (int i = 0; i < n; i++) order[i] = i;
            return order;
        };
    }

    /**
     * {@code train_sampling_strategy: group_by_length}: examples of similar length share a batch, and the longest of
     * all comes first, so that a run that will not fit into memory fails in its first step.
     *
     * <p>The Trainer draws these orders from PyTorch's global CPU generator, one epoch after the other, and each
     * epoch's data loader takes a seed for its workers first. That is what this does, so every epoch is that of a
     * Trainer whose model draws nothing from the CPU generator (any model on a GPU, or no dropout) and which does not
     * evaluate in between. With dropout on the CPU, epoch 0 still agrees, and later epochs of the Trainer depend on
     * what dropout drew; here they never do.
     *
     * @param lengths tokens of each example
     * @param batchSize {@code per_device_train_batch_size * gradient_accumulation_steps}
     * @param seed the setting {@code seed}; the Trainer ignores {@code data_seed} here
     */
    static Sampler groupByLength(int[] lengths, int batchSize, long seed) {
        requireExamples(lengths.length);
        requireBatchSize(batchSize);
        int[] own = lengths.clone();
        return epoch -> {
            Mt19937 generator = new Mt19937(seed);
            for (int past = 0; past < epoch; past++) generator.skip(LengthGroups.WORKER_SEED_DRAWS + own.length - 1L);
            generator.skip(LengthGroups.WORKER_SEED_DRAWS);
            return LengthGroups.order(own, batchSize, generator);
        };
    }

    /**
     * The order in which the Trainer evaluates under {@code group_by_length}: grouped too, but from a generator of its
     * own, so the same at every evaluation.
     *
     * @param batchSize {@code per_device_eval_batch_size}
     * @param seed the setting {@code data_seed}, or {@code seed} where that is not set
     */
    static Sampler groupByLengthForEvaluation(int[] lengths, int batchSize, long seed) {
        requireExamples(lengths.length);
        requireBatchSize(batchSize);
        int[] own = lengths.clone();
        return epoch -> LengthGroups.order(own, batchSize, new Mt19937(seed));
    }

    private static void requireExamples(int n) {
        if (n < 1) throw new DataException("There are no examples to put in order: the data set is empty.");
    }

    private static void requireBatchSize(int batchSize) {
        if (batchSize < 1) throw new ConfigException("The batch size must be at least 1, but is " + batchSize + ".");
    }
}
