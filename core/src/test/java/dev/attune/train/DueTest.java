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
        Due due = new Due(args, plan, canEvaluate, new TrainerControl());
        List<Integer> steps = new ArrayList<>();
        TrainingState state = TrainingState.START;
        if (asked.test(due, state)) steps.add(0);
        while (!plan.isDone(state)) {
            if (plan.isEndOfEpoch(state)) state = state.nextEpoch();
            state = state.after(new Update.Made(1, 1, 1, 1, 4, 40));
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
        assertThat(evaluations(a -> a.evalStrategy(EvalStrategy.EPOCH))).containsExactly(5, 10);
        assertThat(evaluations(a -> a.evalStrategy(EvalStrategy.STEPS).evalSteps(3.0)))
                .containsExactly(3, 6, 9, 10);
        assertThat(evaluations(a -> a.evalStrategy(EvalStrategy.STEPS).loggingSteps(5)))
                .as("as often as it logs")
                .containsExactly(5, 10);
        assertThat(evaluations(a -> a.evalStrategy(EvalStrategy.NO))).isEmpty();
    }

    @Test
    void evaluatesBeforeTheFirstStepIfAsked() {
        assertThat(evaluations(a -> a.evalStrategy(EvalStrategy.EPOCH).evalOnStart(true)))
                .containsExactly(0, 5, 10);
    }

    @Test
    void nothingToEvaluateOn() {
        assertThat(steps(a -> a.evalStrategy(EvalStrategy.EPOCH), false, Due::evaluation))
                .isEmpty();
        assertThat(steps(a -> a, false, Due::isUnevaluated)).isEmpty();
    }

    @Test
    void notTwiceAtOneStep() {
        TrainingArguments args = TrainingArguments.builder()
                .perDeviceTrainBatchSize(4)
                .evalStrategy(EvalStrategy.EPOCH)
                .build();
        Due due = new Due(args, TrainingPlan.of(args, 4), true, new TrainerControl());
        TrainingState state = TrainingState.START.after(new Update.Made(1, 1, 1, 1, 4, 40));
        assertThat(due.evaluation(state)).isTrue();
        assertThat(due.evaluation(state.evaluated())).isFalse();
        assertThat(due.isUnevaluated(state)).isTrue();
        assertThat(due.isUnevaluated(state.evaluated())).isFalse();
    }
}
