package dev.attune.nn;

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

    /**
     * Sequences that are padded alike.
     *
     * @param queries the tokens that look
     * @param keys those that they look at: the same ones, or those of another batch
     * @param members number of each sequence of the bin in the batch. Null: all sequences in order
     */
    record Bin(
            AttentionGrid queries,
            AttentionGrid keys,
            @Nullable Tensor members) {}

    /** All see the tokens of their own sequence. */
    static AttentionPlan self(PackedSequences all) {
        List<int[]> groups = split(all.lengths());
        boolean inOrder = groups.size() == 1;
        boolean rowsAreGrid = inOrder && AttentionGrid.isAllRows(all);
        List<Bin> bins = new ArrayList<>();
        for (int[] group : groups) {
            AttentionGrid grid = AttentionGrid.of(all, group, rowsAreGrid);
            bins.add(new Bin(grid, grid, inOrder ? null : Tensor.ofInts(group)));
        }
        return of(all, groups, bins, rowsAreGrid);
    }

    /** The sequences of {@code queries} see those of {@code keys}, whose lengths decide which ones go together. */
    static AttentionPlan cross(PackedSequences queries, PackedSequences keys) {
        if (queries.lengths().length != keys.lengths().length) {
            throw new IllegalArgumentException(
                    queries.lengths().length + " sequences see " + keys.lengths().length + " others");
        }
        List<int[]> groups = split(keys.lengths());
        boolean inOrder = groups.size() == 1;
        boolean rowsAreGrid = inOrder && AttentionGrid.isAllRows(queries);
        List<Bin> bins = new ArrayList<>();
        for (int[] group : groups) {
            bins.add(new Bin(
                    AttentionGrid.of(queries, group, rowsAreGrid),
                    AttentionGrid.of(keys, group, inOrder && AttentionGrid.isAllRows(keys)),
                    inOrder ? null : Tensor.ofInts(group)));
        }
        return of(queries, groups, bins, rowsAreGrid);
    }

    /** With the way back from the bins to the rows of {@code queries}. */
    private static AttentionPlan of(PackedSequences queries, List<int[]> groups, List<Bin> bins, boolean rowsAreGrid) {
        int[] lengths = queries.lengths();
        int[] start = queries.starts();
        long[] places = new long[queries.rows()]; // those of the filler stay 0: anything will do
        long[] order = new long[lengths.length];
        int place = 0;
        int members = 0;
        for (int i = 0; i < bins.size(); i++) {
            int width = bins.get(i).queries().longest;
            for (int b : groups.get(i)) {
                order[b] = members++;
                for (int t = 0; t < lengths[b]; t++) places[start[b] + t] = place + t;
                place += width;
            }
        }
        return new AttentionPlan(
                bins,
                rowsAreGrid ? null : Tensor.ofLongs(places, places.length),
                bins.size() == 1 ? null : Tensor.ofLongs(order, order.length));
    }

    /** The numbers of the sequences in groups of similar length; in their order if there is one group. */
    private static List<int[]> split(int[] lengths) {
        Integer[] longestFirst = new Integer[lengths.length];
        for (int i = 0; i < longestFirst.length; i++) longestFirst[i] = i;
        Arrays.sort(longestFirst, Comparator.comparingInt(i -> -lengths[i]));
        List<int[]> groups = split(longestFirst, lengths);
        if (groups.size() == 1) Arrays.sort(groups.get(0));
        return groups;
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
