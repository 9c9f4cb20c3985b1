package dev.attune.optim;

import static java.util.Objects.requireNonNullElse;

import dev.attune.checkpoint.StateDict;
import dev.attune.optim.ScheduleArguments.ThresholdMode;
import java.util.ArrayDeque;
import java.util.Deque;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * Raises the rate while evaluations get better and lowers it while they do not: the reference's {@code GreedyLR}
 * (<a href="https://arxiv.org/abs/2512.14527">arXiv 2512.14527</a>).
 */
final class GreedyRate extends MetricRate {
    static final String NAME = "greedy";

    private final double initial;
    private final double highest;
    private final int warmup;
    private final boolean smooth;
    private final int window;
    private final int resetStart;
    private final Deque<Double> values = new ArrayDeque<>();
    private double sum;
    private int good;
    private int warming;
    private int untilReset;

    GreedyRate(ScheduleArguments arguments, double rate) {
        super(arguments, rate, new Defaults(0.95, 1e-6, ThresholdMode.ABS, 1e-3));
        initial = rate;
        highest = requireNonNullElse(arguments.maxLr(), 1.0);
        warmup = requireNonNullElse(arguments.warmup(), 0);
        smooth = requireNonNullElse(arguments.smooth(), false);
        window = requireNonNullElse(arguments.windowSize(), 50);
        resetStart = requireNonNullElse(arguments.resetStart(), 500);
        untilReset = resetStart;
    }

    @Override
    public void evaluated(double measured) {
        double metric = smooth ? mean(measured) : measured;
        if (cooling > 0 || warming > 0) {
            if (cooling > 0) cooling--;
            else warming--;
            bad = 0;
            good = 0;
            return;
        }
        if (isBetter(metric)) {
            best = metric;
            bad = 0;
            good++;
        } else {
            bad++;
            good = 0;
        }
        if (good > patience) {
            raise();
            warming = warmup;
            good = 0;
        } else if (bad > patience) {
            lower();
            if (rate <= lowest && --untilReset <= 0) reset();
            cooling = cooldown;
            bad = 0;
        }
    }

    private double mean(double value) {
        values.add(value);
        sum += value;
        if (values.size() > window) sum -= values.remove();
        return sum / values.size();
    }

    private void raise() {
        double next = Math.min(rate / factor, highest);
        if (next - rate > eps) rate = next;
        untilReset = resetStart;
    }

    private void reset() {
        rate = initial;
        best = worst();
        bad = 0;
        good = 0;
        warming = 0;
        untilReset = resetStart;
        values.clear();
        sum = 0;
    }

    @Override
    public void save(StateDict state) {
        super.save(state);
        ArrayNode list = JsonMapper.shared().createArrayNode();
        values.forEach(list::add);
        state.put("good", good).put("warming", warming).put("until_reset", untilReset);
        state.put("values", list).put("sum", sum);
    }

    @Override
    public void load(StateDict state) {
        super.load(state);
        good = (int) state.integer("good");
        warming = (int) state.integer("warming");
        untilReset = (int) state.integer("until_reset");
        sum = state.real("sum");
        values.clear();
        for (JsonNode value : state.value("values")) values.add(value.asDouble());
    }
}
