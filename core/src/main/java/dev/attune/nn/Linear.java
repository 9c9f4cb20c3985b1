package dev.attune.nn;

import dev.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = x·Wᵀ + b}; {@code weight} (out, in), {@code bias} (out) unless it has none. It may carry a {@link LowRank}, of which the model
 * around it knows nothing.
 */
public final class Linear extends NeuralModule {
    public final Parameter weight;
    public final @Nullable Parameter bias;
    private final boolean turned;
    private @Nullable LowRank adapter;

    public Linear(int in, int out, double initializerRange) {
        this(Init.normal(initializerRange), false, true, in, out);
    }

    private Linear(Init init, boolean turned, boolean biased, int in, int out) {
        this.turned = turned;
        weight = turned ? param("weight", init, in, out) : param("weight", init, out, in);
        bias = biased ? param("bias", Init.ZEROS, out) : null;
    }

    /** {@code y = x·Wᵀ}. */
    public static Linear withoutBias(int in, int out, double initializerRange) {
        return new Linear(Init.normal(initializerRange), false, false, in, out);
    }

    /** {@code y = x·W + b} with {@code weight} (in, out): transformers' {@code Conv1D}, which GPT-2 is made of. */
    public static Linear turned(int in, int out, double initializerRange) {
        return new Linear(Init.normal(initializerRange), true, true, in, out);
    }

    /** Whether the weight is (in, out). */
    public boolean isTurned() {
        return turned;
    }

    int in() {
        return (int) weight.value().size(turned ? 0 : 1);
    }

    int out() {
        return (int) weight.value().size(turned ? 1 : 0);
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
        Tensor w = weight.inProducts();
        Tensor y = x.linear(turned ? w.transpose(0, 1) : w, bias == null ? null : bias.inProducts());
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
        adapter.addTo(weight, turned);
        release(adapter);
        adapter = null;
    }
}
