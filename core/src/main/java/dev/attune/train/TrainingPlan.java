package dev.attune.train;

import dev.attune.data.BatchLoader;
import dev.attune.error.ConfigException;
import dev.attune.optim.Schedule;
import java.util.Locale;

/**
 * How long a run is, by the counting rule of Hugging Face's Trainer.
 *
 * @param batchesPerEpoch batches of a whole epoch
 * @param stepsPerEpoch optimizer steps of a whole epoch; a last, smaller group of batches makes a step as well
 * @param totalSteps optimizer steps of the run
 * @param warmupSteps of them, those in which the learning rate rises
 */
public record TrainingPlan(int batchesPerEpoch, int stepsPerEpoch, int totalSteps, int warmupSteps) {
    public static TrainingPlan of(TrainingArguments args, int examples) {
        int batches = BatchLoader.count(examples, args.perDeviceTrainBatchSize(), args.dataloaderDropLast());
        int stepsPerEpoch = ceilDiv(batches, args.gradientAccumulationSteps());
        double total = args.maxSteps() > 0 ? args.maxSteps() : Math.ceil(args.numTrainEpochs() * stepsPerEpoch);
        if (total > Integer.MAX_VALUE) {
            throw new ConfigException(String.format(
                    Locale.ROOT,
                    "num_train_epochs %s makes %.0f steps, but a run has at most %d. Lower it, or set max_steps.",
                    args.numTrainEpochs(),
                    total,
                    Integer.MAX_VALUE));
        }
        int warmup = Schedule.warmupSteps(args.warmupSteps(), (int) total);
        return new TrainingPlan(batches, stepsPerEpoch, (int) total, warmup);
    }

    private static int ceilDiv(int a, int b) {
        return (int) ((a - 1L + b) / b);
    }

    /** Epochs of the run, the last one possibly not finished. */
    public double epochs() {
        return (double) totalSteps / stepsPerEpoch;
    }

    /** A number of steps from 1 on; below 1 a share of the run, rounded up. */
    public int everySteps(double value) {
        return value >= 1 ? (int) value : Math.max(1, (int) Math.ceil(totalSteps * value));
    }

    boolean isDone(TrainingState state) {
        return state.step() >= totalSteps;
    }

    boolean isEndOfEpoch(TrainingState state) {
        return state.batchInEpoch() >= batchesPerEpoch;
    }

    /** Epochs done, fractional. */
    double progress(TrainingState state) {
        return state.epoch() + (double) state.batchInEpoch() / batchesPerEpoch;
    }
}
