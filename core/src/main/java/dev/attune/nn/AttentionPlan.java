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
    /** Tokens and filler. */
    final int rows;

    /** Rows of the bins' outputs, one after the other, in the order of the packed tokens; null if they are in order. */
    final @Nullable Tensor restore;

    /** Rows of the bins' sequences, one after the other, in the order of the batch; null if they are in order. */
    final @Nullable Tensor restoreMembers;

    private AttentionPlan(List<Bin> bins, int rows, @Nullable Tensor restore, @Nullable Tensor restoreMembers) {
        this.bins = bins;
        this.rows = rows;
        this.restore = restore;
        this.restoreMembers = restoreMembers;
    }

    /** Sequences padded to the same length. */
    static final class Bin {
        final int sequences;
        /** T. */
        final int longest;
        /** Packed row of each token of the bin, sequence by sequence. Null: all packed tokens in order. */
        final @Nullable Tensor source;
        /** Number of each sequence of the bin in the batch. Null: all sequences in order. */
        final @Nullable Tensor members;
        /** Place of each token in the padded (B·T) grid. Null: no padding, the rows are the grid. */
        final @Nullable Tensor grid;

        /** Finite, also when a score is added to it: minus infinity would make a row of nothing else NaN. */
        private static final float PADDING = -1e9f;

        /** What makes {@link #PADDING} finite in FLOAT16, which ends at 65,504. */
        private static final double HALF = 6e-5;

        private final @Nullable Tensor mask;

        private Bin(int[] lengths, int width, int filler, @Nullable Tensor source, @Nullable Tensor members) {
            this.source = source;
            this.members = members;
            this.sequences = lengths.length;
            this.longest = width;
            boolean padded = room(lengths, width) > 0;
            this.grid = padded ? grid(lengths, longest, filler) : null;
            this.mask = padded ? mask(lengths, longest) : null;
        }

        /** The longest sequence, or a little more so that there are few different grids, if there is padding anyway. */
        static int width(int[] lengths, int multiple) {
            int longest = Arrays.stream(lengths).max().orElseThrow();
            boolean padded = Arrays.stream(lengths).anyMatch(length -> length < longest);
            return padded ? (longest + multiple - 1) / multiple * multiple : longest;
        }

        /** How many places of the grid are padding. */
        static int room(int[] lengths, int width) {
            return width * lengths.length - Arrays.stream(lengths).sum();
        }

        private static Tensor mask(int[] lengths, int longest) {
            float[] values = new float[lengths.length * longest];
            for (int b = 0; b < lengths.length; b++) {
                Arrays.fill(values, b * longest + lengths[b], (b + 1) * longest, PADDING);
            }
            return Tensor.ofFloats(values, lengths.length, 1, 1, longest);
        }

        private static Tensor grid(int[] lengths, int longest, int filler) {
            long[] grid = new long[Arrays.stream(lengths).sum() + filler];
            int at = 0;
            for (int b = 0; b < lengths.length; b++) {
                for (int t = 0; t < lengths[b]; t++) grid[at++] = (long) b * longest + t;
            }
            // The filler takes places that are padding, and masked, as it is.
            for (int b = 0; at < grid.length; b++) {
                for (int t = lengths[b]; t < longest && at < grid.length; t++) grid[at++] = (long) b * longest + t;
            }
            return Tensor.ofLongs(grid, grid.length);
        }

        /** What is added to the scores: 0 at tokens, a very low number at padding. Shape (B, 1, 1, T); null if no padding. */
        @Nullable
        Tensor mask(DType type) {
            if (mask == null) return null;
            return (type == DType.FLOAT16 ? mask.mul(HALF) : mask).to(type);
        }
    }

    /**
     * @param filler rows wanted behind those of the tokens: as many are made as the padding has room for
     * @param multiple of which the length of padded sequences is one
     */
    static AttentionPlan of(int[] lengths, int filler, int multiple) {
        Integer[] order = new Integer[lengths.length];
        for (int i = 0; i < order.length; i++) order[i] = i;
        Arrays.sort(order, Comparator.comparingInt(i -> -lengths[i]));
        List<int[]> groups = split(order, lengths);
        int tokens = Arrays.stream(lengths).sum();
        if (groups.size() == 1) {
            int width = Bin.width(lengths, multiple);
            int room = Math.min(filler, Bin.room(lengths, width));
            return new AttentionPlan(List.of(new Bin(lengths, width, room, null, null)), tokens + room, null, null);
        }

        int[] start = new int[lengths.length];
        for (int b = 1; b < start.length; b++) start[b] = start[b - 1] + lengths[b - 1];
        long[] restore = new long[tokens + filler];
        long[] restoreMembers = new long[lengths.length];
        List<Bin> bins = new ArrayList<>();
        int done = 0;
        int members = 0;
        int rows = tokens;
        for (int[] group : groups) {
            int[] groupLengths = Arrays.stream(group).map(b -> lengths[b]).toArray();
            int width = Bin.width(groupLengths, multiple);
            int room = Math.min(tokens + filler - rows, Bin.room(groupLengths, width));
            long[] source = new long[Arrays.stream(groupLengths).sum() + room];
            int at = 0;
            for (int b : group) {
                restoreMembers[b] = members++;
                for (int t = 0; t < lengths[b]; t++) {
                    restore[start[b] + t] = done + at;
                    source[at++] = start[b] + t;
                }
            }
            while (at < source.length) {
                restore[rows] = done + at;
                source[at++] = rows++;
            }
            done += at;
            bins.add(new Bin(groupLengths, width, room, Tensor.ofLongs(source, source.length), Tensor.ofInts(group)));
        }
        return new AttentionPlan(
                bins,
                rows,
                Tensor.ofLongs(Arrays.copyOf(restore, rows), rows),
                Tensor.ofLongs(restoreMembers, restoreMembers.length));
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
