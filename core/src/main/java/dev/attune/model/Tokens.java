package dev.attune.model;

import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Tensor;
import java.util.Arrays;

/**
 * What an encoder reads: a packed batch, with one element for each row of its layout.
 *
 * @param ids (N)
 * @param typeIds (N) the segment of each token
 * @param layout where the sequences begin and end
 */
public record Tokens(Tensor ids, Tensor typeIds, SequenceLayout layout) {
    /**
     * Tensors in the scope that is open; where gradients are recorded, {@link SequenceLayout#rounded}. The filler repeats the
     * first token, so that no other row of a table is read for it.
     *
     * @param lengths tokens of each sequence
     */
    public static Tokens of(int[] ids, int[] typeIds, int[] lengths) {
        SequenceLayout layout = Grad.isOn() ? SequenceLayout.rounded(lengths) : new SequenceLayout(lengths);
        return new Tokens(rows(ids, layout), rows(typeIds, layout), layout);
    }

    private static Tensor rows(int[] values, SequenceLayout layout) {
        int[] rows = Arrays.copyOf(values, layout.rows());
        Arrays.fill(rows, values.length, rows.length, values[0]);
        return Tensor.ofInts(rows);
    }
}
