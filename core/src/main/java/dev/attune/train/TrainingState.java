package dev.attune.train;

/**
 * Where a run stands: numbers only, so that it can be written down. What else has memory, such as the optimizer, keeps its
 * own.
 *
 * @param step optimizer steps done
 * @param epoch the epoch under way, from 0
 * @param batchInEpoch batches of this epoch that were used
 * @param samples examples used, those of earlier epochs too
 * @param lossSum sum of the losses of all steps
 * @param lossSinceLog sum of the losses of the steps since the last log
 * @param loggedAt step of the last log
 * @param evaluatedAt step of the last evaluation; -1 before the first
 */
record TrainingState(
        int step,
        int epoch,
        int batchInEpoch,
        long samples,
        double lossSum,
        double lossSinceLog,
        int loggedAt,
        int evaluatedAt) {
    static final TrainingState START = new TrainingState(0, 0, 0, 0, 0, 0, 0, -1);

    /** One step on. */
    TrainingState after(Update.Made made) {
        return new TrainingState(
                step + 1,
                epoch,
                batchInEpoch + made.batches(),
                samples + made.samples(),
                lossSum + made.loss(),
                lossSinceLog + made.loss(),
                loggedAt,
                evaluatedAt);
    }

    TrainingState logged() {
        return new TrainingState(step, epoch, batchInEpoch, samples, lossSum, 0, step, evaluatedAt);
    }

    TrainingState evaluated() {
        return new TrainingState(step, epoch, batchInEpoch, samples, lossSum, lossSinceLog, loggedAt, step);
    }

    TrainingState nextEpoch() {
        return new TrainingState(step, epoch + 1, 0, samples, lossSum, lossSinceLog, loggedAt, evaluatedAt);
    }

    /** Mean loss of the steps since the last log. */
    double meanLossSinceLog() {
        return lossSinceLog / (step - loggedAt);
    }

    /** Mean loss of all steps. */
    double meanLoss() {
        return lossSum / step;
    }
}
