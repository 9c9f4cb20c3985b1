package dev.attune.nn;

import dev.attune.tensor.Tensor;

/** A table of vectors; {@code weight} (rows, C). */
public final class Embedding extends Module {
    public final Parameter weight;

    /** @param paddingRow row that starts as zeros, or -1 */
    public Embedding(int rows, int size, int paddingRow, double initializerRange) {
        weight = param("weight", Init.embedding(initializerRange, paddingRow), rows, size);
    }

    /** ids (N) to (N, C). */
    public Tensor forward(Tensor ids) {
        return weight.value().embedding(ids);
    }
}
