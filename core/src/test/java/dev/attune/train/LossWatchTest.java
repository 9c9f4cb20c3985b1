package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.StateDict;
import dev.attune.data.Batch;
import dev.attune.model.PretrainedModel;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Task;
import dev.attune.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LossWatchTest {
    private static final List<Batch> GROUP = List.of(batch(2), batch(1));

    @Test
    void aFirstLossFarAboveGuessingIsSaid() {
        assertThat(watch(Math.log(4)).see(1, 9.5, GROUP))
                .startsWith("The loss of the first step is 9.50, far above the 1.39 of a model that only guesses.");
        assertThat(watch(Math.log(4)).see(1, 2.5, GROUP)).as("a new head").isNull();
        assertThat(watch(Double.NaN).see(1, 9.5, GROUP)).as("a regression").isNull();
        assertThat(watch(Math.log(4)).see(2, 9.5, GROUP)).as("later steps").isNull();
    }

    @Test
    void aLossThatDoesNotMoveIsSaidOnce() {
        LossWatch watch = watch(1);
        for (int step = 1; step < 10 + LossWatch.PATIENCE; step++)
            assertThat(watch.see(step, 1.001, GROUP)).isNull();
        assertThat(watch.see(10 + LossWatch.PATIENCE, 1.001, GROUP))
                .startsWith("The loss has not moved: 1.0010 in the first 50 steps and 1.0010 now, with 1.0000 for");
        assertThat(watch.see(11 + LossWatch.PATIENCE, 1.001, GROUP)).isNull();
    }

    @Test
    void aLossThatFellOrIsLowIsNoMatter() {
        assertThat(run(watch(1), step -> step < 100 ? 1 : 0.97)).as("fell").isNull();
        assertThat(run(watch(1), step -> 0.5)).as("was learned before").isNull();
        assertThat(run(watch(Double.NaN), step -> 1)).as("a regression").isNull();
        assertThat(run(watch(1), step -> step == 30 ? Double.NaN : 1))
                .as("steps left out")
                .isNull();
    }

    @Test
    void aRunThatGoesOnSaysTheSame() {
        for (double low : new double[] {1, 0.5, Double.NaN}) {
            LossWatch before = watch(1);
            for (int step = 1; step <= 230; step++) before.see(step, step == 220 ? low : 1, GROUP);
            StateDict state = new StateDict();
            before.save(state);
            LossWatch after = watch(1);
            after.load(state);
            String said = null;
            String other = null;
            for (int step = 231; step <= 10 + LossWatch.PATIENCE; step++) {
                said = after.see(step, 1, GROUP);
                other = before.see(step, 1, GROUP);
            }
            assertThat(said).isEqualTo(other);
            if (low == 1) assertThat(said).startsWith("The loss has not moved");
        }
    }

    private static @Nullable String run(LossWatch watch, java.util.function.IntToDoubleFunction loss) {
        String said = null;
        for (int step = 1; step <= 2 * LossWatch.PATIENCE; step++) {
            String now = watch.see(step, loss.applyAsDouble(step), GROUP);
            if (now != null) said = now;
        }
        return said;
    }

    private static LossWatch watch(double chance) {
        return new LossWatch(new Guessing(chance), 10);
    }

    private static Batch batch(int rows) {
        int[] ones = new int[rows];
        java.util.Arrays.fill(ones, 1);
        return new Batch(ones, ones, ones, ones, ones, null, ones, new long[rows]);
    }

    private record Guessing(double chance) implements Task {
        @Override
        public PretrainedModel model() {
            throw new UnsupportedOperationException();
        }

        @Override
        public double weight(Batch batch) {
            return batch.size();
        }

        @Override
        public Tensor lossSum(Batch batch) {
            throw new UnsupportedOperationException();
        }

        @Override
        public double chanceLoss(Batch batch) {
            return chance;
        }

        @Override
        public Evaluation evaluation(EvaluationSet set) {
            throw new UnsupportedOperationException();
        }
    }
}
