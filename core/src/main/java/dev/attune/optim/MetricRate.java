package dev.attune.optim;

import dev.attune.checkpoint.StateDict;
import dev.attune.optim.ScheduleArguments.MetricMode;
import dev.attune.optim.ScheduleArguments.ThresholdMode;
import org.jspecify.annotations.Nullable;

/** A rate that goes by evaluations: it knows the best one so far, and how many in a row were no better. */
abstract sealed class MetricRate implements LearningRate permits PlateauRate, GreedyRate {
    private final MetricMode mode;
    private final double threshold;
    private final ThresholdMode thresholdMode;
    final double factor;
    final int patience;
    final int cooldown;
    final double lowest;
    final double eps;
    double rate;
    double best;
    int bad;
    int cooling;

    /** @param initial the reference's defaults for what differs between the two */
    MetricRate(ScheduleArguments arguments, double rate, Defaults initial) {
        mode = or(arguments.mode(), MetricMode.MIN);
        threshold = or(arguments.threshold(), initial.threshold);
        thresholdMode = or(arguments.thresholdMode(), initial.thresholdMode);
        factor = or(arguments.factor(), initial.factor);
        patience = or(arguments.patience(), 10);
        cooldown = or(arguments.cooldown(), 0);
        lowest = or(arguments.minLr(), initial.lowest);
        eps = or(arguments.eps(), 1e-8);
        this.rate = rate;
        best = worst();
    }

    record Defaults(double factor, double threshold, ThresholdMode thresholdMode, double lowest) {}

    static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    final double worst() {
        return mode == MetricMode.MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    final boolean isBetter(double metric) {
        boolean relative = thresholdMode == ThresholdMode.REL;
        if (mode == MetricMode.MIN) return metric < (relative ? best * (1 - threshold) : best - threshold);
        return metric > (relative ? best * (1 + threshold) : best + threshold);
    }

    final void lower() {
        double next = Math.max(rate * factor, lowest);
        if (rate - next > eps) rate = next;
    }

    @Override
    public final double at(int step) {
        return rate;
    }

    @Override
    public void save(StateDict state) {
        state.put("rate", rate).put("bad", bad).put("cooling", cooling);
        if (Double.isFinite(best)) state.put("best", best);
    }

    @Override
    public void load(StateDict state) {
        rate = state.real("rate");
        bad = (int) state.integer("bad");
        cooling = (int) state.integer("cooling");
        best = state.hasValue("best") ? state.real("best") : worst();
    }
}
