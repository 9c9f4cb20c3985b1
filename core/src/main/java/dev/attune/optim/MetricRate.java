package dev.attune.optim;

import static java.util.Objects.requireNonNullElse;

import dev.attune.checkpoint.StateDict;
import dev.attune.optim.ScheduleArguments.MetricMode;
import dev.attune.optim.ScheduleArguments.ThresholdMode;

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
        mode = requireNonNullElse(arguments.mode(), MetricMode.MIN);
        threshold = requireNonNullElse(arguments.threshold(), initial.threshold);
        thresholdMode = requireNonNullElse(arguments.thresholdMode(), initial.thresholdMode);
        factor = requireNonNullElse(arguments.factor(), initial.factor);
        patience = requireNonNullElse(arguments.patience(), 10);
        cooldown = requireNonNullElse(arguments.cooldown(), 0);
        lowest = requireNonNullElse(arguments.minLr(), initial.lowest);
        eps = requireNonNullElse(arguments.eps(), 1e-8);
        this.rate = rate;
        best = worst();
    }

    record Defaults(double factor, double threshold, ThresholdMode thresholdMode, double lowest) {}

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
