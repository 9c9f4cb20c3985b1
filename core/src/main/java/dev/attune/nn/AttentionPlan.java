package dev.attune.nn;

import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a packed batch is laid out for attention: the only place where there is padding. Sequences of similar length share a
 * {@link Bin}, so that one long text does not make the short ones pay for its square.
 */
final class AttentionPlan {
    /** A bin is worth its extra calls only if it saves this much of the padded work (token pairs). */
    private static final double WORTH = 0.25;

    final List<Bin> bins;
    /** Place of each row in the bins' grids, one grid after the other; null if they are the rows. */
    final @Nullable Tensor places;

    /** Place of each sequence of the batch in the bins, one bin after the other; null if they are in order. */
    final @Nullable Tensor order;

    private AttentionPlan(List<Bin> bins, @Nullable Tensor places, @Nullable Tensor order) {
        this.bins = bins;
        this.places = places;
        this.order = order;
    }

    /** Sequences padded to the same length. */
    static final class Bin {
        final int sequences;
        /** T. */
        final int longest;
        /** Row at each place of the padded (B·T) grid; at padding a row of the same sequence. Null: the rows are the grid. */
        final @Nullable Tensor grid;
        /** Number of each sequence of the bin in the batch. Null: all sequences in order. */
        final @Nullable Tensor members;

        /** Finite, also when a score is added to it: minus infinity would make a row of nothing else NaN. */
        private static final float PADDING = -1e9f;

        /** What makes {@link #PADDING} finite in FLOAT16, which ends at 65,504. */
        private static final double HALF = 6e-5;

        /** What dropout comes from at each place of the grid: (B, 1, T, 1). Null: there is none. */
        final @Nullable Tensor keys;

        private final @Nullable Tensor mask;

        private Bin(
                int[] lengths, int longest, @Nullable Tensor grid, @Nullable Tensor members, long @Nullable [] keys) {
            this.sequences = lengths.length;
            this.longest = longest;
            this.grid = grid;
            this.members = members;
            this.keys = keys == null ? null : Tensor.ofLongs(keys, sequences, 1, longest, 1);
            boolean padded = Arrays.stream(lengths).anyMatch(length -> length < longest);
            this.mask = padded ? mask(lengths, longest) : null;
        }

        private static Tensor mask(int[] lengths, int longest) {
            float[] values = new float[lengths.length * longest];
            for (int b = 0; b < lengths.length; b++) {
                Arrays.fill(values, b * longest + lengths[b], (b + 1) * longest, PADDING);
            }
            return Tensor.ofFloats(values, lengths.length, 1, 1, longest);
        }

        /** {@link #keys} of the first token of each sequence: (B, 1, 1, 1). */
        @Nullable
        Tensor firstKeys() {
            return keys == null ? null : keys.narrow(2, 0, 1);
        }

        /** What is added to the scores: 0 at tokens, a very low number at padding. Shape (B, 1, 1, T); null if no padding. */
        @Nullable
        Tensor mask(DType type) {
            if (mask == null) return null;
            return (type == DType.FLOAT16 ? mask.mul(HALF) : mask).to(type);
        }
    }

    /**
     * @param rows of the batch, at least as many as tokens; what is behind the tokens is seen by none, and gets an output of no
     *     meaning
     * @param multiple where sequences are padded, then to a multiple of this length
     * @param keys of each row, for dropout
     */
    static AttentionPlan of(int[] lengths, int rows, int multiple, long @Nullable [] keys) {
        Integer[] longestFirst = new Integer[lengths.length];
        for (int i = 0; i < longestFirst.length; i++) longestFirst[i] = i;
        Arrays.sort(longestFirst, Comparator.comparingInt(i -> -lengths[i]));
        List<int[]> groups = split(longestFirst, lengths);
        boolean inOrder = groups.size() == 1;
        if (inOrder) Arrays.sort(groups.get(0));

        int tokens = Arrays.stream(lengths).sum();
        boolean rowsAreGrid = inOrder && rows == tokens && width(lengths, multiple) * lengths.length == tokens;
        int[] start = new int[lengths.length];
        for (int b = 1; b < start.length; b++) start[b] = start[b - 1] + lengths[b - 1];
        long[] places = new long[rows]; // those of the filler stay 0: anything will do
        long[] order = new long[lengths.length];
        List<Bin> bins = new ArrayList<>();
        int place = 0;
        int members = 0;
        for (int[] group : groups) {
            int[] groupLengths = Arrays.stream(group).map(b -> lengths[b]).toArray();
            int width = width(groupLengths, multiple);
            long[] grid = new long[group.length * width];
            long[] gridKeys = keys == null ? null : new long[grid.length];
            int at = 0;
            for (int b : group) {
                order[b] = members++;
                for (int t = 0; t < width; t++) {
                    boolean token = t < lengths[b];
                    if (token) places[start[b] + t] = place + at;
                    grid[at] = token ? start[b] + t : start[b];
                    if (gridKeys != null) gridKeys[at] = keys[(int) grid[at]];
                    at++;
                }
            }
            place += at;
            bins.add(new Bin(
                    groupLengths,
                    width,
                    rowsAreGrid ? null : Tensor.ofLongs(grid, at),
                    inOrder ? null : Tensor.ofInts(group),
                    gridKeys));
        }
        return new AttentionPlan(
                bins,
                rowsAreGrid ? null : Tensor.ofLongs(places, rows),
                inOrder ? null : Tensor.ofLongs(order, order.length));
    }

    private static int width(int[] lengths, int multiple) {
        int longest = Arrays.stream(lengths).max().orElseThrow();
        boolean padded = Arrays.stream(lengths).anyMatch(length -> length < longest);
        return padded ? (longest + multiple - 1) / multiple * multiple : longest;
    }

    /** Cuts the sequences, longest first, where the padded work shrinks enough; at most four bins. */
    private static List<int[]> split(Integer[] order, int[] lengths) {
        List<int[]> groups = new ArrayList<>();
        groups.add(Arrays.stream(order).mapToInt(Integer::intValue).toArray());
        while (groups.size() < 4) {
            double total = groups.stream()
                    .mapToDouble(g -> work(g, 0, g.length, lengths))
                    .sum();
            int bestGroup = -1;
            int bestCut = -1;
            double bestSaved = WORTH * total;
            for (int g = 0; g < groups.size(); g++) {
                int[] group = groups.get(g);
                double whole = work(group, 0, group.length, lengths);
                for (int cut = 1; cut < group.length; cut++) {
                    double saved = whole - work(group, 0, cut, lengths) - work(group, cut, group.length, lengths);
                    if (saved > bestSaved) {
                        bestSaved = saved;
                        bestGroup = g;
                        bestCut = cut;
                    }
                }
            }
            if (bestGroup < 0) return groups;
            int[] group = groups.remove(bestGroup);
            groups.add(bestGroup, Arrays.copyOfRange(group, 0, bestCut));
            groups.add(bestGroup + 1, Arrays.copyOfRange(group, bestCut, group.length));
        }
        return groups;
    }

    /** Token pairs of the padded grid; the groups are sorted, so the first sequence is the longest. */
    private static double work(int[] group, int from, int to, int[] lengths) {
        double longest = lengths[group[from]];
        // Gathering and scattering cost as much as about 64 pairs a token.
        return (to - from) * longest * (longest + 64);
    }
}
