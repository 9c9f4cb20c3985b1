package dev.attune.nn;

import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Some of the sequences of a packed batch, padded to the longest of them: (B, T). */
final class AttentionGrid {
    /** Finite, also when a score is added to it: minus infinity would make a row of nothing else NaN. */
    static final double PADDING = -1e9;

    /** What makes {@link #PADDING} finite in FLOAT16, which ends at 65,504. */
    private static final double HALF = 6e-5;

    final int sequences;
    /** T. */
    final int longest;
    /** Row at each place (B·T); at padding a row of the same sequence. Null: the rows are the grid. */
    final @Nullable Tensor rows;
    /** What dropout comes from at each place: (B, 1, T, 1). Null: there is none. */
    final @Nullable Tensor keys;

    private final @Nullable Tensor mask;

    /** @param lengths of the sequences, at least one */
    private AttentionGrid(int[] lengths, int longest, @Nullable Tensor rows, long @Nullable [] keys) {
        this.sequences = lengths.length;
        this.longest = longest;
        this.rows = rows;
        this.keys = keys == null ? null : Tensor.ofLongs(keys, sequences, 1, longest, 1);
        this.mask = mask(lengths, 0, longest);
    }

    /**
     * What is added to the scores: 0 at the last tokens of each sequence, a very low number at padding and before them.
     *
     * @param window how many tokens are seen; 0 for all
     * @return (B, 1, 1, T); null if all is seen
     */
    static @Nullable Tensor mask(int[] lengths, int window, int longest) {
        float[] values = new float[lengths.length * longest];
        boolean any = false;
        for (int b = 0; b < lengths.length; b++) {
            int from = window == 0 ? 0 : Math.max(0, lengths[b] - window);
            Arrays.fill(values, b * longest, b * longest + from, (float) PADDING);
            Arrays.fill(values, b * longest + lengths[b], (b + 1) * longest, (float) PADDING);
            any |= from > 0 || lengths[b] < longest;
        }
        return any ? Tensor.ofFloats(values, lengths.length, 1, 1, longest) : null;
    }

    /**
     * @param members numbers of the sequences
     * @param rowsAreGrid whether they are all of the batch in order, and none is padded
     */
    static AttentionGrid of(PackedSequences all, int[] members, boolean rowsAreGrid) {
        int[] lengths = Arrays.stream(members).map(b -> all.lengths()[b]).toArray();
        int width = width(lengths, all.multiple());
        int[] starts = all.starts();
        long[] rows = new long[members.length * width];
        long[] keys = all.keys() == null ? null : new long[rows.length];
        int at = 0;
        for (int b : members) {
            for (int t = 0; t < width; t++) {
                rows[at] = t < all.lengths()[b] ? starts[b] + t : starts[b];
                if (keys != null) keys[at] = all.keys()[(int) rows[at]];
                at++;
            }
        }
        return new AttentionGrid(lengths, width, rowsAreGrid ? null : Tensor.ofLongs(rows, at), keys);
    }

    /** Whether all sequences, in their order, have no padding and no filler. */
    static boolean isAllRows(PackedSequences all) {
        int tokens = Arrays.stream(all.lengths()).sum();
        return all.rows() == tokens && width(all.lengths(), all.multiple()) * all.lengths().length == tokens;
    }

    private static int width(int[] lengths, int multiple) {
        int longest = Arrays.stream(lengths).max().orElseThrow();
        boolean padded = Arrays.stream(lengths).anyMatch(length -> length < longest);
        return padded ? (longest + multiple - 1) / multiple * multiple : longest;
    }

    /** {@link #keys} of the first token of each sequence: (B, 1, 1, 1). */
    @Nullable
    Tensor firstKeys() {
        return keys == null ? null : keys.narrow(2, 0, 1);
    }

    /** What is added to the scores: 0 at tokens, a very low number at padding. Shape (B, 1, 1, T); null if no padding. */
    @Nullable
    Tensor mask(DType type) {
        return mask == null ? null : inType(mask, type);
    }

    /** A mask in the type of the scores, finite in each. */
    static Tensor inType(Tensor mask, DType type) {
        return (type == DType.FLOAT16 ? mask.mul(HALF) : mask).to(type);
    }
}
