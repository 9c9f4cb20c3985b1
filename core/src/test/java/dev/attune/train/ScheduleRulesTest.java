package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import dev.attune.optim.ScheduleArguments;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ScheduleRulesTest {
    private static TrainingArguments with(
            SchedulerType type, String arguments, UnaryOperator<TrainingArgumentsBuilder> more) {
        return more.apply(TrainingArguments.builder()
                        .lrSchedulerType(type)
                        .lrSchedulerKwargs(
                                arguments == null
                                        ? null
                                        : ScheduleArguments.builder()
                                                .text(arguments)
                                                .build()))
                .build();
    }

    private static void refused(SchedulerType type, String arguments, String sentence) {
        assertThatThrownBy(() -> with(type, arguments, b -> b.evalStrategy(IntervalStrategy.EPOCH)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void argumentsOfAnotherScheduleAreRefused() {
        refused(
                SchedulerType.LINEAR,
                "num_cycles=2",
                "lr_scheduler_kwargs has num_cycles, which belongs to cosine, cosine_with_restarts, cosine_with_min_lr,"
                        + " cosine_warmup_with_min_lr, warmup_stable_decay, but lr_scheduler_type is \"linear\". Delete it.");
        refused(
                SchedulerType.COSINE,
                "num_cycle=2",
                "has \"num_cycle\", which no schedule takes. Did you mean \"num_cycles\"?");
        refused(SchedulerType.COSINE, "num_cycles", "has \"num_cycles\", but name=value was expected.");
        refused(
                SchedulerType.COSINE,
                "num_cycles=two",
                "lr_scheduler_kwargs: num_cycles is \"two\", but must be a number");
        refused(SchedulerType.COSINE, "num_cycles=0", "num_cycles is 0.0, but must be");
        refused(SchedulerType.COSINE, "{\"num_cycles\": 2", "which is no JSON");
        refused(SchedulerType.GREEDY, "factor=1", "factor is 1.0, but must be");
    }

    @Test
    void whatAScheduleNeedsIsAskedFor() {
        refused(
                SchedulerType.WARMUP_STABLE_DECAY,
                null,
                "warmup_stable_decay needs num_decay_steps in lr_scheduler_kwargs");
        refused(
                SchedulerType.COSINE_WITH_MIN_LR,
                null,
                "cosine_with_min_lr needs a lowest rate in lr_scheduler_kwargs");
        refused(
                SchedulerType.COSINE_WARMUP_WITH_MIN_LR,
                "min_lr=1e-6,min_lr_rate=0.1",
                "takes min_lr or min_lr_rate, but lr_scheduler_kwargs has both");
        refused(
                SchedulerType.POLYNOMIAL,
                "lr_end=1e-3",
                "falls from learning_rate to lr_end, but they are 5.0E-5 and 0.001");
    }

    @Test
    void schedulesThatGoByEvaluationsNeedThem() {
        assertThatThrownBy(() -> with(SchedulerType.GREEDY, null, b -> b))
                .hasMessageContaining(
                        "lr_scheduler_type is \"greedy\", which goes by evaluations, but eval_strategy is \"no\"");
        assertThatThrownBy(() -> with(
                        SchedulerType.REDUCE_LR_ON_PLATEAU,
                        null,
                        b -> b.evalStrategy(IntervalStrategy.EPOCH).metricForBestModel("accuracy")))
                .hasMessageContaining(
                        "takes less of metric_for_best_model for better unless it is told otherwise. Set mode: max");
        assertThat(with(
                                SchedulerType.REDUCE_LR_ON_PLATEAU,
                                "mode=max",
                                b -> b.evalStrategy(IntervalStrategy.EPOCH).metricForBestModel("accuracy"))
                        .comparesEvaluations())
                .isTrue();
    }

    @Test
    void bothFormsOfTheArgumentsAreTheSame() {
        ScheduleArguments one = ScheduleArguments.builder()
                .text("num_decay_steps=5, decay_type=1-sqrt")
                .build();
        ScheduleArguments json = ScheduleArguments.builder()
                .text("{\"num_decay_steps\": 5, \"decay_type\": \"1-sqrt\"}")
                .build();
        ScheduleArguments java = ScheduleArguments.builder()
                .numDecaySteps(5)
                .decayType(ScheduleArguments.DecayShape.ONE_MINUS_SQRT)
                .build();
        assertThat(one).isEqualTo(java).isEqualTo(json);
    }
}
