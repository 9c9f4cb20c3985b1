package dev.attune.train;

import dev.attune.data.Batch;
import dev.attune.data.Examples;
import dev.attune.task.Task;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import java.util.ArrayList;
import java.util.List;

/** Finds the rows that a step diverged at, by computing each of them alone. */
final class Culprits {
    private static final int SHOWN = 3;

    private final Task task;
    private final Examples examples;
    private final int epoch;

    Culprits(Task task, Examples examples, int epoch) {
        this.task = task;
        this.examples = examples;
        this.epoch = epoch;
    }

    /**
     * Parts of a sentence: which rows have a loss that is not finite by themselves, or which ones were in the step; and where
     * in the model it begins.
     *
     * @param lossIsFinite whether it is the gradient that is not
     */
    String of(List<Batch> group, boolean lossIsFinite) {
        FirstNonFinite first = new FirstNonFinite(task);
        // Before anything else is computed: the gradients are those of the step.
        String gradient = lossIsFinite ? first.gradient() : null;
        String rows = rows(group);
        if (gradient != null) return rows + "; the first gradient that is not finite is that of " + gradient;
        String layer = null;
        for (Batch batch : group) layer = layer == null ? first.layer(batch) : layer;
        return layer == null ? rows : rows + "; the first layer whose output is not finite is " + layer;
    }

    private String rows(List<Batch> group) {
        List<Integer> all = new ArrayList<>();
        List<Integer> guilty = new ArrayList<>();
        task.model().train(false);
        for (Batch batch : group) {
            for (int place : batch.rows()) {
                all.add(place);
                if (!isFinite(place)) guilty.add(place);
            }
        }
        // Where every row is guilty the weights are.
        if (guilty.isEmpty() || guilty.size() == all.size()) return "its rows were " + places(all);
        return "the loss of " + places(guilty) + " alone is not finite either";
    }

    private boolean isFinite(int place) {
        return Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                return Double.isFinite(task.lossSum(Batch.of(examples, new int[] {place}, epoch, 0))
                        .item());
            }
        });
    }

    private String places(List<Integer> places) {
        List<String> shown = places.stream().limit(SHOWN).map(examples::where).toList();
        int more = places.size() - shown.size();
        return String.join(", ", shown) + (more > 0 ? " and " + more + " more" : "");
    }
}
