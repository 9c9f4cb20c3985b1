package dev.attune.job;

import java.util.ArrayList;
import java.util.List;

/**
 * The losses of a range test and their running mean, of which a step has a share of 1 in 50, as in fastai; what is not there before the
 * first step is taken out again (the correction of Adam's means).
 */
final class RangeLosses {
    private static final double KEPT = 0.98;

    private final List<Double> rates = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();
    private final List<Double> smoothed = new ArrayList<>();
    private double mean;
    private double least = Double.POSITIVE_INFINITY;
    private boolean isFinite = true;

    /** A loss that is not a finite number is the end, and not kept. */
    void add(double rate, double loss) {
        isFinite &= Double.isFinite(loss);
        if (!isFinite) return;
        rates.add(rate);
        losses.add(loss);
        mean = KEPT * mean + (1 - KEPT) * loss;
        smoothed.add(mean / (1 - Math.pow(KEPT, losses.size())));
        least = Math.min(least, smoothed.get(smoothed.size() - 1));
    }

    /** Whether the smoothed loss is more than so many times the least one. */
    boolean isOver(double times) {
        return !isFinite || smoothed.get(smoothed.size() - 1) > times * least;
    }

    List<Double> rates() {
        return rates;
    }

    List<Double> losses() {
        return losses;
    }

    List<Double> smoothed() {
        return smoothed;
    }
}
