package dev.attune.optim;

import dev.attune.optim.ScheduleArguments.ThresholdMode;

/** Lowers the rate when evaluations get no better: torch's {@code ReduceLROnPlateau}. */
final class PlateauRate extends MetricRate {
    static final String NAME = "reduce_lr_on_plateau";

    PlateauRate(ScheduleArguments arguments, double rate) {
        super(arguments, rate, new Defaults(0.1, 1e-4, ThresholdMode.REL, 0));
    }

    @Override
    public void evaluated(double metric) {
        if (isBetter(metric)) {
            best = metric;
            bad = 0;
        } else {
            bad++;
        }
        if (cooling > 0) {
            cooling--;
            bad = 0;
        }
        if (bad <= patience) return;
        lower();
        cooling = cooldown;
        bad = 0;
    }
}
