package dev.attune.nn;

import dev.attune.tensor.NoiseKernel;
import dev.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A table of vectors; {@code weight} (rows, C). */
public final class Embedding extends NeuralModule {
    public final Parameter weight;
    private final int paddingRow;
    private boolean rowGradient;
    private boolean inProduct;
    private double noise;

    /** @param paddingRow row that starts as zeros and that looking it up does not change, or -1 */
    public Embedding(int rows, int size, int paddingRow, double initializerRange) {
        this(rows, size, paddingRow, initializerRange, false, false);
    }

    private Embedding(
            int rows, int size, int paddingRow, double initializerRange, boolean rowGradient, boolean inProduct) {
        weight = param("weight", Init.embedding(initializerRange, paddingRow), rows, size);
        this.paddingRow = paddingRow;
        this.rowGradient = rowGradient;
        this.inProduct = inProduct;
    }

    /**
     * A table of which a batch uses few rows: its gradient holds those rows only. The rest would be zeros, to be made,
     * summed and stepped over: a fifteenth of a small BERT's step on short texts, and a tenth of its memory.
     */
    public static Embedding ofWords(int rows, int size, int paddingRow, double initializerRange) {
        return new Embedding(rows, size, paddingRow, initializerRange, true, false);
    }

    /** A table that scores words too ({@link #product}): each of its rows has a gradient then. */
    public static Embedding ofTiedWords(int rows, int size, int paddingRow, double initializerRange) {
        return new Embedding(rows, size, paddingRow, initializerRange, false, true);
    }

    /** Whether the table scores words too ({@link #ofTiedWords}); where weights are loaded it may turn out otherwise. */
    public void tied(boolean toProduct) {
        rowGradient = !toProduct;
        inProduct = toProduct;
    }

    /**
     * A score of each row: x (M, C) to (M, rows).
     *
     * @param bias (rows), or null
     */
    public Tensor product(Tensor x, @Nullable Parameter bias) {
        return x.linear(weight.inProducts(), bias == null ? null : bias.inProducts());
    }

    @Override
    boolean isInProduct() {
        return inProduct;
    }

    /** ids (N) to (N, C). */
    public Tensor forward(Tensor ids) {
        return seen(weight.value().embedding(ids, paddingRow, rowGradient));
    }

    /**
     * NEFTune (Jain et al. 2023, arXiv 2310.05914): while training, noise evenly between plus and minus {@code alpha / √(L·C)}
     * is added to each number, where L is the length of the sequence itself.
     *
     * @param alpha 0 for none
     */
    public void noise(double alpha) {
        noise = alpha;
    }

    /** As {@link #forward(Tensor)} with the {@linkplain #noise noise} in force; the ids are those of the layout's rows. */
    public Tensor forward(Tensor ids, SequenceLayout layout) {
        Tensor x = forward(ids);
        if (noise == 0 || !training()) return x;
        Tensor bounds = layout.byLength(length -> noise / Math.sqrt((double) length * x.size(1)));
        return NoiseKernel.add(x, bounds, layout.keys().first(x.size(0)), site());
    }
}
