package dev.attune.train;

import dev.attune.data.Batch;
import dev.attune.nn.Parameter;
import dev.attune.task.Task;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds where in a model numbers stop being finite. */
final class FirstNonFinite {
    private final Task task;

    FirstNonFinite(Task task) {
        this.task = task;
    }

    /** The first layer whose output for this batch is not finite; null if all are, as where the loss alone is not. */
    @Nullable
    String layer(Batch batch) {
        String[] first = new String[1];
        task.model().watch((name, output) -> {
            if (first[0] == null && !output.isFinite()) first[0] = name;
        });
        try {
            return Grad.off(() -> {
                try (Scope scope = Scope.open()) {
                    task.lossSum(batch);
                    return first[0];
                }
            });
        } finally {
            task.model().watch(null);
        }
    }

    /** The parameter whose gradient is the first on the way back that is not finite; null if all are. */
    @Nullable
    String gradient() {
        String last = null;
        try (Scope scope = Scope.open()) {
            for (Map.Entry<String, Parameter> each : task.model().parameters().entrySet()) {
                Tensor gradient = each.getValue().value().grad();
                if (gradient != null && !gradient.isFinite()) last = each.getKey();
            }
        }
        return last;
    }
}
