package dev.attune.train;

import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;
import dev.attune.data.Batch;
import dev.attune.task.Task;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells where the training loss says that something is wrong: at the first step, if it is far above that of guessing; some
 * hundred steps after the warm-up, if it is still that of guessing. Each is said once at most.
 */
final class LossWatch implements Stateful {
    /** A new head is worse than guessing on some batches, but not by so much. */
    private static final double FAR = 2, MARGIN = 1;
    /** Steps whose losses are averaged, at the beginning and at the end. */
    private static final int WINDOW = 50;
    /** Steps after the warm-up by which a loss has moved. */
    static final int PATIENCE = 250;
    /** What has moved by less than a hundredth has not moved. */
    private static final double MOVED = 0.99;

    private final Task task;
    private final int warmupSteps;
    private double first;
    private double last;

    LossWatch(Task task, int warmupSteps) {
        this.task = task;
        this.warmupSteps = warmupSteps;
    }

    /**
     * Takes in a step.
     *
     * @param step counted from 1
     * @param loss of the step
     * @param group what the step was made of
     * @return a sentence for the user; null if there is nothing to say
     */
    @Nullable
    String see(int step, double loss, List<Batch> group) {
        if (step <= WINDOW) first += loss / WINDOW;
        int end = warmupSteps + PATIENCE;
        if (step > end - WINDOW && step <= end) last += loss / WINDOW;
        if (step == 1) return far(loss, chance(group));
        return step == end ? still(chance(group)) : null;
    }

    private @Nullable String far(double loss, double chance) {
        if (!(loss > FAR * chance + MARGIN)) return null;
        return String.format(
                Locale.ROOT,
                "The loss of the first step is %.2f, far above the %.2f of a model that only guesses. Do labels, tokenizer"
                        + " and model belong together? attune check shows what the model gets to see.",
                loss,
                chance);
    }

    private @Nullable String still(double chance) {
        if (!(last > MOVED * first && last > MOVED * chance)) return null;
        return String.format(
                Locale.ROOT,
                "The loss has not moved: %.4f in the first %d steps and %.4f now, with %.4f for a model that only guesses."
                        + " learning_rate may be far too low or too high, or the labels may not belong to their rows;"
                        + " attune check shows what the model gets to see.",
                first,
                WINDOW,
                last,
                chance);
    }

    /** Mean over the labels of a group; not a number where the task has no such loss. */
    private double chance(List<Batch> group) {
        double sum = 0;
        double weight = 0;
        for (Batch batch : group) {
            double labels = task.weight(batch);
            if (labels == 0) continue;
            sum += task.chanceLoss(batch) * labels;
            weight += labels;
        }
        return sum / weight;
    }

    @Override
    public void save(StateDict state) {
        // A loss that is not finite makes no sum to go on with, and nothing to say either.
        if (Double.isFinite(first)) state.put("first", first);
        if (Double.isFinite(last)) state.put("last", last);
    }

    @Override
    public void load(StateDict state) {
        first = state.hasValue("first") ? state.real("first") : Double.NaN;
        last = state.hasValue("last") ? state.real("last") : Double.NaN;
    }
}
