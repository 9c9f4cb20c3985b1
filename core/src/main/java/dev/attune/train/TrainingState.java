package dev.attune.train;

import dev.attune.checkpoint.StateDict;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * Where a run stands: numbers only, so that it can be written down. What else has memory, such as the optimizer, keeps its
 * own.
 *
 * @param step optimizer steps done
 * @param epoch the epoch under way, from 0
 * @param batchInEpoch batches of this epoch that were used
 * @param samples examples used, those of earlier epochs too
 * @param seconds time spent before the run was last taken up again
 * @param lossSum sum of the losses of all steps
 * @param lossSinceLog sum of the losses of the steps since the last log
 * @param loggedAt step of the last log
 * @param evaluatedAt step of the last evaluation; -1 before the first
 * @param savedAt step of the last checkpoint; -1 before the first
 */
@RecordBuilder
record TrainingState(
        int step,
        int epoch,
        int batchInEpoch,
        long samples,
        double seconds,
        double lossSum,
        double lossSinceLog,
        int loggedAt,
        int evaluatedAt,
        int savedAt) {
    static final TrainingState START = new TrainingState(0, 0, 0, 0, 0, 0, 0, 0, -1, -1);

    /** One step on. */
    TrainingState after(Update.Made made) {
        return but().step(step + 1)
                .batchInEpoch(batchInEpoch + made.batches())
                .samples(samples + made.samples())
                .lossSum(lossSum + made.loss())
                .lossSinceLog(lossSinceLog + made.loss())
                .build();
    }

    TrainingState logged() {
        return but().lossSinceLog(0).loggedAt(step).build();
    }

    TrainingState evaluated() {
        return but().evaluatedAt(step).build();
    }

    TrainingState saved() {
        return but().savedAt(step).build();
    }

    TrainingState nextEpoch() {
        return but().epoch(epoch + 1).batchInEpoch(0).build();
    }

    private TrainingStateBuilder but() {
        return TrainingStateBuilder.builder(this);
    }

    /** Mean loss of the steps since the last log. */
    double meanLossSinceLog() {
        return lossSinceLog / (step - loggedAt);
    }

    /** Mean loss of all steps. */
    double meanLoss() {
        return lossSum / step;
    }

    /** @param spent seconds since the run was last taken up */
    void save(StateDict state, double spent) {
        state.put("global_step", step)
                .put("epoch", epoch)
                .put("batch_in_epoch", batchInEpoch)
                .put("samples", samples)
                .put("seconds", seconds + spent)
                .put("loss_sum", lossSum)
                .put("loss_since_log", lossSinceLog)
                .put("logged_at", loggedAt)
                .put("evaluated_at", evaluatedAt);
    }

    static TrainingState load(StateDict state) {
        return TrainingStateBuilder.builder()
                .step((int) state.integer("global_step"))
                .epoch((int) state.integer("epoch"))
                .batchInEpoch((int) state.integer("batch_in_epoch"))
                .samples(state.integer("samples"))
                .seconds(state.real("seconds"))
                .lossSum(state.real("loss_sum"))
                .lossSinceLog(state.real("loss_since_log"))
                .loggedAt((int) state.integer("logged_at"))
                .evaluatedAt((int) state.integer("evaluated_at"))
                .savedAt((int) state.integer("global_step"))
                .build();
    }
}
