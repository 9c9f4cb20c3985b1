package dev.attune.job.search;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Asynchronous successive halving (ASHA, Li et al. 2018): trials climb a ladder whose rungs are at {@code r}, {@code r * eta}, {@code r *
 * eta^2} … evaluations, and of those that reached a rung the best {@code 1 / eta} go on. A trial is judged when it gets there, against
 * the trials before it. While fewer than {@code eta} were there, only the best of them goes on.
 *
 * <p>As in Optuna and Ray Tune the judgement is final. In the paper a trial only pauses, and goes on when those after it turn out to be worse;
 * for that the checkpoints of all that pause would have to stay on the disk.
 *
 * @param reductionFactor {@code eta}, 2 at least
 * @param minEvaluations {@code r}, evaluations up to the first rung
 */
record Halving(int reductionFactor, int minEvaluations, boolean greaterIsBetter) {
    /**
     * Whether a trial goes on after its last evaluation.
     *
     * @param evaluations the metric at each evaluation of the trial so far
     * @param before the trials before it
     */
    boolean goesOn(List<Double> evaluations, List<Trial> before) {
        int done = evaluations.size();
        if (!isRung(done)) return true;
        double value = evaluations.get(done - 1);
        if (Double.isNaN(value)) return false;
        Comparator<Double> order = greaterIsBetter ? Comparator.reverseOrder() : Comparator.naturalOrder();
        List<Double> there = Stream.concat(
                        before.stream()
                                .map(Trial::evaluations)
                                .filter(others -> others.size() >= done)
                                .map(others -> others.get(done - 1))
                                .filter(other -> !Double.isNaN(other)),
                        Stream.of(value))
                .sorted(order)
                .toList();
        int promoted = Math.max(1, there.size() / reductionFactor);
        return order.compare(value, there.get(promoted - 1)) <= 0;
    }

    boolean isRung(int evaluations) {
        long rung = minEvaluations;
        while (rung < evaluations) rung *= reductionFactor;
        return rung == evaluations;
    }
}
