package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** When a run of 2 epochs with 5 batches each logs and evaluates. */
class DueTest {
    private static List<Integer> steps(
            UnaryOperator<TrainingArgumentsBuilder> change,
            boolean canEvaluate,
            BiPredicate<Due, TrainingState> asked) {
        TrainingArguments args = change.apply(
                        TrainingArguments.builder().perDeviceTrainBatchSize(4).numTrainEpochs(2.0))
                .build();
        TrainingPlan plan = TrainingPlan.of(args, 20);
        Due due = new Due(args, plan, canEvaluate, new TrainerControl(), new BestModel(args));
        List<Integer> steps = new ArrayList<>();
        TrainingState state = TrainingState.START;
        if (asked.test(due, state)) steps.add(0);
        while (!plan.isDone(state)) {
            if (plan.isEndOfEpoch(state)) state = state.nextEpoch();
            state = state.after(new Update.Made(null, 1, 1, 1, 1, 4, 40));
            if (asked.test(due, state)) steps.add(state.step());
        }
        return steps;
    }

    private static List<Integer> evaluations(UnaryOperator<TrainingArgumentsBuilder> change) {
        return steps(change, true, Due::evaluation);
    }

    @Test
    void logsBySteps() {
        BiPredicate<Due, TrainingState> log = (due, state) -> state.step() > 0 && due.log(state);
        assertThat(steps(a -> a.loggingSteps(4), true, log)).containsExactly(4, 8, 10);
        assertThat(steps(a -> a.loggingSteps(4).loggingFirstStep(true), true, log))
                .containsExactly(1, 4, 8, 10);
        assertThat(steps(a -> a.loggingSteps(0.25), true, log))
                .as("a share of all steps, rounded up")
                .containsExactly(3, 6, 9, 10);
    }

    @Test
    void evaluatesAsTheStrategySays() {
        assertThat(evaluations(a -> a.evalStrategy(IntervalStrategy.EPOCH))).containsExactly(5, 10);
        assertThat(evaluations(a -> a.evalStrategy(IntervalStrategy.STEPS).evalSteps(3.0)))
                .containsExactly(3, 6, 9, 10);
        assertThat(evaluations(a -> a.evalStrategy(IntervalStrategy.STEPS).loggingSteps(5)))
                .as("as often as it logs")
                .containsExactly(5, 10);
        assertThat(evaluations(a -> a.evalStrategy(IntervalStrategy.NO))).isEmpty();
    }

    @Test
    void logsByEpochsOrNever() {
        BiPredicate<Due, TrainingState> log = (due, state) -> state.step() > 0 && due.log(state);
        assertThat(steps(a -> a.loggingStrategy(IntervalStrategy.EPOCH), true, log))
                .containsExactly(5, 10);
        assertThat(steps(a -> a.loggingStrategy(IntervalStrategy.NO), true, log))
                .isEmpty();
        assertThat(steps(a -> a.loggingStrategy(IntervalStrategy.NO).loggingFirstStep(true), true, log))
                .containsExactly(1);
    }

    @Test
    void evaluationsCanBeginLate() {
        assertThat(evaluations(a -> a.evalStrategy(IntervalStrategy.EPOCH).evalDelay(1.5)))
                .containsExactly(10);
        assertThat(evaluations(a ->
                        a.evalStrategy(IntervalStrategy.STEPS).evalSteps(2.0).evalDelay(5)))
                .containsExactly(6, 8, 10);
    }

    @Test
    void savesAsTheStrategySays() {
        BiPredicate<Due, TrainingState> save = (due, state) -> state.step() > 0 && due.save(state);
        assertThat(steps(a -> a.saveSteps(4), true, save)).containsExactly(4, 8, 10);
        assertThat(steps(a -> a.saveSteps(0.25), true, save)).containsExactly(3, 6, 9, 10);
        assertThat(steps(a -> a.saveStrategy(SaveStrategy.EPOCH), true, save)).containsExactly(5, 10);
        assertThat(steps(a -> a.saveStrategy(SaveStrategy.NO), true, save)).isEmpty();
    }

    @Test
    void evaluatesBeforeTheFirstStepIfAsked() {
        assertThat(evaluations(a -> a.evalStrategy(IntervalStrategy.EPOCH).evalOnStart(true)))
                .containsExactly(0, 5, 10);
    }

    @Test
    void nothingToEvaluateOn() {
        assertThat(steps(a -> a.evalStrategy(IntervalStrategy.EPOCH), false, Due::evaluation))
                .isEmpty();
        assertThat(steps(a -> a, false, Due::isUnevaluated)).isEmpty();
    }

    @Test
    void notTwiceAtOneStep() {
        TrainingArguments args = TrainingArguments.builder()
                .perDeviceTrainBatchSize(4)
                .evalStrategy(IntervalStrategy.EPOCH)
                .build();
        Due due = new Due(args, TrainingPlan.of(args, 4), true, new TrainerControl(), new BestModel(args));
        TrainingState state = TrainingState.START.after(new Update.Made(null, 1, 1, 1, 1, 4, 40));
        assertThat(due.evaluation(state)).isTrue();
        assertThat(due.evaluation(state.evaluated())).isFalse();
        assertThat(due.isUnevaluated(state)).isTrue();
        assertThat(due.isUnevaluated(state.evaluated())).isFalse();
    }
}
