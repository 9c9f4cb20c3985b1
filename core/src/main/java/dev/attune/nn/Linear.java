package dev.attune.nn;

import dev.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = x·Wᵀ + b}; {@code weight} (out, in), {@code bias} (out). It may carry a {@link LowRank}, of which the model
 * around it knows nothing.
 */
public final class Linear extends NeuralModule {
    public final Parameter weight;
    public final Parameter bias;
    private @Nullable LowRank adapter;

    public Linear(int in, int out, double initializerRange) {
        weight = param("weight", Init.normal(initializerRange), out, in);
        bias = param("bias", Init.ZEROS, out);
    }

    /** x (…, in) to (…, out). What needs the keys of its rows, the dropout of an adapter, fails here while training. */
    public Tensor forward(Tensor x) {
        return forward(x, DropoutKeys.NONE);
    }

    /**
     * x (N, in) to (N, out).
     *
     * @param keys of the rows; of more rows, then those of the first are taken
     */
    public Tensor forward(Tensor x, DropoutKeys keys) {
        Tensor y = x.linear(weight.inProducts(), bias.inProducts());
        return seen(adapter == null ? y : adapter.addTo(y, x, keys));
    }

    /**
     * Adds a pair of small tables whose product is trained in place of the weight. They are not filled yet: {@link
     * Parameter#initialise}. The layer owns them.
     *
     * @param rank columns of the one and rows of the other
     * @param scale factor of the product
     * @param dropout share of the input that the tables do not see while training
     * @param first how the table that the input meets is filled; the other one begins with zeros
     * @throws IllegalStateException if there is a pair already
     */
    public LowRank adapt(int rank, double scale, double dropout, Init first) {
        if (adapter != null) throw new IllegalStateException("The layer has an adapter already.");
        adapter = root(new LowRank(this, rank, scale, dropout, first));
        return adapter;
    }

    /** Adds the product of the adapter to the weight, and frees the adapter. Does nothing without one. */
    public void merge() {
        if (adapter == null) return;
        adapter.addTo(weight);
        release(adapter);
        adapter = null;
    }
}
