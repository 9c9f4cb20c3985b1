package dev.attune.train;

import dev.attune.checkpoint.StateDict;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.function.IntUnaryOperator;

/**
 * Where a run stands: numbers only, so that it can be written down. What else has memory, such as the optimizer, keeps its
 * own.
 *
 * @param step optimizer steps done
 * @param epoch the epoch under way, from 0
 * @param batchInEpoch batches of this epoch that were used
 * @param usedInEpoch examples of this epoch that were used: where its order goes on
 * @param samples examples used, those of earlier epochs too
 * @param seconds time spent before the run was last taken up again
 * @param lossSum sum of the losses of all steps
 * @param lossSinceLog sum of the losses of the steps since the last log
 * @param loggedAt step of the last log
 * @param evaluatedAt step of the last evaluation; -1 before the first
 * @param skipped steps that made no update, because loss or gradient was not a finite number
 * @param skippedSinceLog of these, since the last log
 * @param skippedInRow of these, without a step between them that made one
 * @param savedAt step of the last checkpoint; -1 before the first
 */
@RecordBuilder
record TrainingState(
        int step,
        int epoch,
        int batchInEpoch,
        int usedInEpoch,
        long samples,
        double seconds,
        double lossSum,
        double lossSinceLog,
        int loggedAt,
        int skipped,
        int skippedSinceLog,
        int skippedInRow,
        int evaluatedAt,
        int savedAt) {
    static final TrainingState START = new TrainingState(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1);

    /** One step on. */
    TrainingState after(Update.Made made) {
        TrainingStateBuilder next = but().step(step + 1)
                .batchInEpoch(batchInEpoch + made.batches())
                .usedInEpoch(usedInEpoch + made.samples())
                .samples(samples + made.samples());
        return made.isSkipped()
                ? next.skipped(skipped + 1)
                        .skippedSinceLog(skippedSinceLog + 1)
                        .skippedInRow(skippedInRow + 1)
                        .build()
                : next.lossSum(lossSum + made.loss())
                        .lossSinceLog(lossSinceLog + made.loss())
                        .skippedInRow(0)
                        .build();
    }

    TrainingState logged() {
        return but().lossSinceLog(0).skippedSinceLog(0).loggedAt(step).build();
    }

    TrainingState evaluated() {
        return but().evaluatedAt(step).build();
    }

    TrainingState saved() {
        return but().savedAt(step).build();
    }

    TrainingState nextEpoch() {
        return but().epoch(epoch + 1).batchInEpoch(0).usedInEpoch(0).build();
    }

    private TrainingStateBuilder but() {
        return TrainingStateBuilder.builder(this);
    }

    /** Mean loss of the steps since the last log; not a number if all of them were skipped. */
    double meanLossSinceLog() {
        return lossSinceLog / (step - loggedAt - skippedSinceLog);
    }

    /** Mean loss of all steps that made an update. */
    double meanLoss() {
        return lossSum / (step - skipped);
    }

    /** @param spent seconds since the run was last taken up */
    void save(StateDict state, double spent) {
        state.put("global_step", step)
                .put("epoch", epoch)
                .put("used_in_epoch", usedInEpoch)
                .put("samples", samples)
                .put("seconds", seconds + spent)
                .put("loss_sum", lossSum)
                .put("loss_since_log", lossSinceLog)
                .put("logged_at", loggedAt)
                .put("skipped", skipped)
                .put("skipped_since_log", skippedSinceLog)
                .put("skipped_in_row", skippedInRow)
                .put("evaluated_at", evaluatedAt);
    }

    /**
     * Where the run stands by its data, whatever the batches were then.
     *
     * @param batches how many of now's batches are behind so many examples of an epoch
     */
    static TrainingState load(StateDict state, IntUnaryOperator batches) {
        int used = (int) state.integer("used_in_epoch");
        return TrainingStateBuilder.builder()
                .step((int) state.integer("global_step"))
                .epoch((int) state.integer("epoch"))
                .batchInEpoch(batches.applyAsInt(used))
                .usedInEpoch(used)
                .samples(state.integer("samples"))
                .seconds(state.real("seconds"))
                .lossSum(state.real("loss_sum"))
                .lossSinceLog(state.real("loss_since_log"))
                .loggedAt((int) state.integer("logged_at"))
                .skipped((int) state.integer("skipped"))
                .skippedSinceLog((int) state.integer("skipped_since_log"))
                .skippedInRow((int) state.integer("skipped_in_row"))
                .evaluatedAt((int) state.integer("evaluated_at"))
                .savedAt((int) state.integer("global_step"))
                .build();
    }
}
