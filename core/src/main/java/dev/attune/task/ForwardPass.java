package dev.attune.task;

import dev.attune.data.Batch;
import dev.attune.data.BatchLoader;
import dev.attune.data.Examples;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All of some examples through a model without gradients, those of similar length together: the loop of every evaluation
 * and every pipeline.
 *
 * @param batchTokens how many tokens are computed at once, {@link Task#batchTokens}
 * @param precision type of the matrix products
 */
public record ForwardPass(int batchTokens, DType precision) {
    /** Enough to fill the processor; 4,096 were no faster on MiniLM and take more memory. */
    public static final int BATCH_TOKENS = 2048;

    /** Calls {@code body} with each batch, in a scope of its own. {@link Batch#rows} are places in {@code examples}. */
    public void each(Examples examples, Consumer<Batch> body) {
        Grad.off(() -> Autocast.run(precision, () -> {
            // The weights stand still: one region of autocast converts them once for the whole pass.
            try (BatchLoader batches = BatchLoader.byLength(examples, batchTokens, 0)) {
                for (Batch batch : batches) {
                    try (Scope scope = Scope.open()) {
                        body.accept(batch);
                    }
                }
            }
            return true;
        }));
    }

    /**
     * One output for each example, in the order of the examples.
     *
     * @param model from a batch to the outputs of its examples, in its order; no tensors, which end with the batch
     */
    public <O> List<O> outputs(Examples examples, Function<Batch, List<O>> model) {
        if (examples.size() == 0) return List.of();
        List<O> outputs = new ArrayList<>(Collections.nCopies(examples.size(), null));
        each(examples, batch -> {
            List<O> some = model.apply(batch);
            for (int i = 0; i < batch.size(); i++) outputs.set(batch.rows()[i], some.get(i));
        });
        return outputs;
    }
}
