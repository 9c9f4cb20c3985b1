package dev.attune.model;

import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Tensor;

/**
 * What an encoder reads: a packed batch.
 *
 * @param ids (N)
 * @param typeIds (N) the segment of each token
 * @param layout where the sequences begin and end
 */
public record Tokens(Tensor ids, Tensor typeIds, SequenceLayout layout) {
    /**
     * Tensors in the scope that is open.
     *
     * @param lengths tokens of each sequence
     */
    public static Tokens of(int[] ids, int[] typeIds, int[] lengths) {
        return new Tokens(Tensor.ofInts(ids), Tensor.ofInts(typeIds), new SequenceLayout(lengths));
    }
}
