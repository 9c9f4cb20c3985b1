package dev.attune.nn;

import dev.attune.tensor.Tensor;

/** A table of vectors; {@code weight} (rows, C). */
public final class Embedding extends NeuralModule {
    public final Parameter weight;
    private final int paddingRow;
    private final boolean rowGradient;

    /** @param paddingRow row that starts as zeros and that looking it up does not change, or -1 */
    public Embedding(int rows, int size, int paddingRow, double initializerRange) {
        this(rows, size, paddingRow, initializerRange, false);
    }

    private Embedding(int rows, int size, int paddingRow, double initializerRange, boolean rowGradient) {
        weight = param("weight", Init.embedding(initializerRange, paddingRow), rows, size);
        this.paddingRow = paddingRow;
        this.rowGradient = rowGradient;
    }

    /**
     * A table of which a batch uses few rows: its gradient holds those rows only. The rest would be zeros, to be made,
     * summed and stepped over: a fifteenth of a small BERT's step on short texts, and a tenth of its memory.
     */
    public static Embedding ofWords(int rows, int size, int paddingRow, double initializerRange) {
        return new Embedding(rows, size, paddingRow, initializerRange, true);
    }

    /** ids (N) to (N, C). */
    public Tensor forward(Tensor ids) {
        return seen(weight.value().embedding(ids, paddingRow, rowGradient));
    }
}
