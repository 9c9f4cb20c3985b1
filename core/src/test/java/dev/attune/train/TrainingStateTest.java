package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.StateDict;
import org.junit.jupiter.api.Test;

class TrainingStateTest {
    private static Update.Made made(double loss) {
        return new Update.Made(null, loss, 1, 1e-4, 2, 16, 160);
    }

    @Test
    void sumsGoOnAndStartAnewWhereTheyShould() {
        TrainingState state = TrainingState.START.after(made(3)).after(made(1));
        assertThat(state.meanLossSinceLog()).isEqualTo(2);
        state = state.logged().nextEpoch().after(made(5));
        assertThat(state.meanLossSinceLog()).isEqualTo(5);
        assertThat(state.meanLoss()).isEqualTo(3);
        assertThat(state.samples()).isEqualTo(48);
        assertThat(state.epoch()).isEqualTo(1);
        assertThat(state.batchInEpoch()).isEqualTo(2);
    }

    @Test
    void aStepWithoutAnUpdateCountsButHasNoLoss() {
        Update.Made skipped = new Update.Made("why", Double.NaN, Double.NaN, 1e-4, 2, 16, 160);
        TrainingState state = TrainingState.START.after(made(3)).after(skipped).after(skipped);
        assertThat(state.step()).isEqualTo(3);
        assertThat(state.skippedInRow()).isEqualTo(2);
        assertThat(state.meanLoss()).isEqualTo(3);
        state = state.logged().after(skipped);
        assertThat(state.meanLossSinceLog()).isNaN();
        state = state.after(made(5));
        assertThat(state.meanLossSinceLog()).isEqualTo(5);
        assertThat(state.meanLoss()).isEqualTo(4);
        assertThat(state.skippedInRow()).isZero();
        assertThat(state.skipped()).isEqualTo(3);
    }

    @Test
    void goesOnByExamplesWhateverTheBatchesWere() {
        TrainingState state = TrainingState.START.after(made(3)).after(made(1));
        StateDict saved = new StateDict();
        state.save(saved, 1.5);
        TrainingState loaded = TrainingState.load(saved, used -> used / 4);
        assertThat(loaded.usedInEpoch()).isEqualTo(32);
        assertThat(loaded.batchInEpoch()).isEqualTo(8);
        assertThat(loaded.seconds()).isEqualTo(1.5);
        assertThat(loaded.meanLoss()).isEqualTo(2);
        assertThat(loaded.savedAt()).isEqualTo(loaded.step()).isEqualTo(2);
    }

    @Test
    void epochsAreCountedByBatches() {
        TrainingPlan plan = new TrainingPlan(5, 3, 6, 0);
        TrainingState state = TrainingState.START.after(made(1)).after(made(1));
        assertThat(plan.progress(state)).isEqualTo(0.8);
        assertThat(plan.isEndOfEpoch(state)).isFalse();
        assertThat(plan.isEndOfEpoch(state.after(new Update.Made(null, 1, 1, 1, 1, 8, 80))))
                .isTrue();
    }
}
