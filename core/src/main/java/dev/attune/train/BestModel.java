package dev.attune.train;

import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;
import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The best evaluation so far, and how many in a row were no better: what {@code load_best_model_at_end}, {@code save_strategy:
 * best} and early stopping go by. Two measures, as in the reference: the best one is whichever is better by anything; patience
 * ends with an evaluation that is better than the best before it by more than a threshold.
 */
final class BestModel implements Stateful {
    private final String name;
    private final boolean greaterIsBetter;
    private final double threshold;
    private final int patience;
    private @Nullable Double metric;
    private int step = -1;
    private int waited;

    BestModel(TrainingArguments args) {
        BestMetric wanted = BestMetric.of(args);
        name = wanted.name();
        greaterIsBetter = wanted.greaterIsBetter();
        threshold = args.earlyStoppingThreshold();
        patience = args.earlyStoppingPatience() == null ? Integer.MAX_VALUE : args.earlyStoppingPatience();
    }

    /** {@code greater_is_better}, or what the name of the metric says. */
    static boolean isGreaterBetter(@Nullable String metric, @Nullable Boolean given) {
        return given == null ? metric != null && !metric.endsWith("loss") : given;
    }

    /**
     * Takes in an evaluation.
     *
     * @return the metric that tells which one is the best
     * @throws ConfigException if it has no such metric
     */
    double add(Map<String, Double> results, int step) {
        Double value = results.get(name);
        if (value == null) {
            throw new ConfigException(
                    "metric_for_best_model is \"" + name + "\", but the evaluation has no such metric."
                            + Suggestion.didYouMean(name, results.keySet()) + " There are "
                            + String.join(", ", results.keySet()) + ".");
        }
        // Not a number is no improvement, not even on nothing.
        boolean better = !value.isNaN() && (metric == null || (greaterIsBetter ? value > metric : value < metric));
        boolean clearly = better && (metric == null || Math.abs(value - metric) > threshold);
        waited = clearly ? 0 : waited + 1;
        if (better) {
            metric = value;
            this.step = step;
        }
        return value;
    }

    /** Step of the best evaluation; -1 if there was none. */
    int step() {
        return step;
    }

    /** What the best evaluation gave; null if there was none. */
    @Nullable
    Double metric() {
        return metric;
    }

    /** {@code eval_loss}, … */
    String name() {
        return name;
    }

    /** Whether so many evaluations were no better that the training ends. */
    boolean isOver() {
        return waited >= patience;
    }

    @Override
    public void save(StateDict state) {
        if (metric != null) state.put("metric", metric);
        state.put("step", step).put("waited", waited);
    }

    @Override
    public void load(StateDict state) {
        metric = state.hasValue("metric") ? state.real("metric") : null;
        step = (int) state.integer("step");
        waited = (int) state.integer("waited");
    }
}
