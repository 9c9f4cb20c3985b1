package dev.attune.nn;

import dev.attune.tensor.SplitMix64;
import dev.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Dropout} computes its masks from: a number for each row of a tensor, that of the token which the row belongs
 * to. It comes from the key of the token's sequence and its place in it, so a token is dropped alike in any batch.
 */
public final class DropoutKeys {
    /** Of rows of which nobody told the keys. */
    static final DropoutKeys NONE = new DropoutKeys(null);

    /** (R, 1), INT64, odd; null where nothing is trained. */
    private final @Nullable Tensor keys;

    private DropoutKeys(@Nullable Tensor keys) {
        this.keys = keys;
    }

    static DropoutKeys of(long @Nullable [] tokens) {
        return tokens == null ? NONE : new DropoutKeys(Tensor.ofLongs(tokens, tokens.length, 1));
    }

    /**
     * The keys of all tokens, one sequence after the other, and 1 for the filler.
     *
     * @param rows tokens and filler
     */
    static long[] tokens(int[] lengths, long[] sequences, int rows) {
        if (sequences.length != lengths.length) {
            throw new IllegalArgumentException(sequences.length + " keys for " + lengths.length + " sequences");
        }
        long[] tokens = new long[rows];
        int at = 0;
        for (int b = 0; b < lengths.length; b++) {
            long stream = SplitMix64.mix(sequences[b]);
            for (int t = 0; t < lengths[b]; t++) tokens[at++] = SplitMix64.at(stream, t) | 1;
        }
        while (at < rows) tokens[at++] = 1;
        return tokens;
    }

    boolean isNone() {
        return keys == null;
    }

    /**
     * Those of some of the rows.
     *
     * @param rows (M), INT64
     */
    public DropoutKeys rows(Tensor rows) {
        return keys == null ? this : new DropoutKeys(keys.rows(rows));
    }

    /**
     * (R, 1): those of the first rows.
     *
     * @throws IllegalStateException if the layout was made without keys
     */
    Tensor first(long rows) {
        Tensor all = required(keys);
        return all.size(0) == rows ? all : all.narrow(0, 0, rows);
    }

    static Tensor required(@Nullable Tensor keys) {
        if (keys != null) return keys;
        throw new IllegalStateException(
                "Dropout needs the keys of the sequences: in training, make Tokens with the keys of the batch.");
    }
}
