package dev.attune.model;

import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What an encoder reads: a packed batch, with one element for each row of its layout.
 *
 * @param ids (N)
 * @param typeIds (N) the segment of each token
 * @param layout where the sequences begin and end
 */
public record Tokens(Tensor ids, Tensor typeIds, SequenceLayout layout) {
    /** For a model that does not train: without dropout. */
    public static Tokens of(int[] ids, int[] typeIds, int[] lengths) {
        return of(ids, typeIds, lengths, null);
    }

    /**
     * Tensors in the scope that is open; where gradients are recorded, {@link SequenceLayout#rounded}. The filler repeats the
     * first token, so that no other row of a table is read for it.
     *
     * @param lengths tokens of each sequence
     * @param keys a number for each sequence, which dropout comes from: {@code Batch.keys()}; null if the model does not train
     */
    public static Tokens of(int[] ids, int[] typeIds, int[] lengths, long @Nullable [] keys) {
        SequenceLayout layout = Grad.isOn() ? SequenceLayout.rounded(lengths, keys) : new SequenceLayout(lengths);
        return new Tokens(rows(ids, layout), rows(typeIds, layout), layout);
    }

    /** Tokens of one segment, one for each row of a layout that is there. */
    public static Tokens of(int[] ids, SequenceLayout layout) {
        return new Tokens(Tensor.ofInts(ids), Tensor.ofInts(new int[ids.length]), layout);
    }

    private static Tensor rows(int[] values, SequenceLayout layout) {
        int[] rows = Arrays.copyOf(values, layout.rows());
        Arrays.fill(rows, values.length, rows.length, values[0]);
        return Tensor.ofInts(rows);
    }
}
