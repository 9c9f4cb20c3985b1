package dev.attune.optim;

import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;

/** The learning rate of each step of a run. */
public interface LearningRate extends Stateful {
    /** @param step optimizer steps done before */
    double at(int step);

    /** Hears the value of {@code metric_for_best_model} of an evaluation. */
    default void evaluated(double metric) {}

    /** A schedule remembers nothing. */
    @Override
    default void save(StateDict state) {}

    @Override
    default void load(StateDict state) {}

    /** Whether a schedule of this name goes by evaluations, and so needs some. */
    static boolean needsEvaluations(String schedule) {
        return schedule.equals(PlateauRate.NAME) || schedule.equals(GreedyRate.NAME);
    }

    /**
     * @param schedule as in {@code lr_scheduler_type}
     * @param rate {@code learning_rate}
     * @param warmup steps of warm-up; those that go by evaluations have none, as in the reference
     * @param total optimizer steps of the run
     * @throws dev.attune.error.ConfigException as {@link Schedule#named}
     */
    static LearningRate of(String schedule, ScheduleArguments arguments, double rate, int warmup, int total) {
        if (schedule.equals(PlateauRate.NAME)) return new PlateauRate(arguments, rate);
        if (schedule.equals(GreedyRate.NAME)) return new GreedyRate(arguments, rate);
        Schedule factors = Schedule.named(schedule, arguments, rate, warmup, total);
        return step -> rate * factors.factor(step);
    }
}
