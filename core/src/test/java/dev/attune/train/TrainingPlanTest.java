package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** How steps are counted, with the largest numbers too. */
class TrainingPlanTest {
    private static final int MAX = Integer.MAX_VALUE;

    private static TrainingPlan plan(int examples, UnaryOperator<TrainingArgumentsBuilder> change) {
        return TrainingPlan.of(change.apply(TrainingArguments.builder()).build(), examples);
    }

    @Test
    void aLastSmallerGroupMakesAStep() {
        assertThat(plan(17, a -> a.perDeviceTrainBatchSize(4).gradientAccumulationSteps(2)))
                .isEqualTo(new TrainingPlan(5, 3, 9, 0));
        assertThat(plan(17, a -> a.perDeviceTrainBatchSize(4).dataloaderDropLast(true)))
                .isEqualTo(new TrainingPlan(4, 4, 12, 0));
        assertThat(plan(16, a -> a.perDeviceTrainBatchSize(8).numTrainEpochs(1.25)))
                .isEqualTo(new TrainingPlan(2, 2, 3, 0));
        assertThat(plan(16, a -> a.perDeviceTrainBatchSize(8).maxSteps(5))).isEqualTo(new TrainingPlan(2, 2, 5, 0));
    }

    @Test
    void largeNumbersDoNotOverflow() {
        assertThat(plan(16, a -> a.maxSteps(MAX))).isEqualTo(new TrainingPlan(2, 2, MAX, 0));
        assertThat(plan(24, a -> a.perDeviceTrainBatchSize(MAX))).isEqualTo(new TrainingPlan(1, 1, 3, 0));
        assertThat(plan(24, a -> a.gradientAccumulationSteps(MAX))).isEqualTo(new TrainingPlan(3, 1, 3, 0));
        assertThat(plan(MAX, a -> a.perDeviceTrainBatchSize(MAX - 1).numTrainEpochs(1)))
                .isEqualTo(new TrainingPlan(2, 2, 2, 0));
    }

    @Test
    void moreStepsThanARunCanHave() {
        assertThatThrownBy(() -> plan(24, a -> a.numTrainEpochs(1e9)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("num_train_epochs 1.0E9 makes 3000000000 steps, but a run has at most 2147483647."
                        + " Lower it, or set max_steps.");
    }
}
