package dev.attune.job.doctor;

import dev.attune.task.CheckedRows;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Finds rows whose texts are nearly those of other rows: the pairs of neighbouring words overlap by at least
 * {@value #SIMILAR} (Jaccard), in both texts where rows have two.
 *
 * <p>Candidates agree in one of {@value #BANDS} bands of {@value #PER_BAND} MinHash values (locality-sensitive hashing, Indyk and
 * Motwani 1998, doi:10.1145/276698.276876); the texts of those whose {@link Signatures} overlap enough are compared. By the
 * formula of banding, {@code (1 - s^5)^16}, a pair with an overlap of 0.7 is no candidate with a probability of 0.053, one of 0.8
 * with 0.0018, one of 0.9 with 0.0000007. The look at the signatures loses a further 0.19 at 0.7 and 0.001 at 0.8. Of a row at
 * most {@value #CANDIDATES} others in a band and {@value #COMPARED} texts in all are looked at, so where very many texts are half
 * alike more is missed. The numbers of the functions are fixed: the same data give the same findings.
 */
final class NearTexts {
    static final double SIMILAR = 0.7;
    static final int BANDS = 16;
    static final int PER_BAND = 5;

    /** Rows of a set that are looked at, with one text each; half as many with two. Takes 176 MB. */
    static final int MOST_ROWS = 2_000_000;

    static final int CANDIDATES = 8;
    static final int COMPARED = 3;

    /** One standard error less: what the signatures say of a pair is not exact. */
    private static final double LOOKS_SIMILAR = SIMILAR - 0.05;

    private static final int ROW_BITS = 23;

    private final SetScan earlier;
    private final SetScan later;
    private final boolean within;
    /** For each later row the earlier one that it is nearly the same as, or -1. */
    private final int[] found;

    private final byte[] compared;

    private NearTexts(SetScan earlier, SetScan later) {
        this.earlier = earlier;
        this.later = later;
        this.within = earlier == later;
        this.found = new int[later.nearRows()];
        this.compared = new byte[later.nearRows()];
        Arrays.fill(found, -1);
    }

    /** How many rows are looked at of a set with so many texts in a row. */
    static int most(int columns) {
        return MOST_ROWS / columns;
    }

    /**
     * For each of the later rows an earlier one that is nearly the same, or -1; within one set the earlier row is one before it.
     *
     * @param skip rows of {@code later} that are found already
     * @param skipEarlier rows of {@code earlier} that stand for no others, such as repeated ones
     */
    static int[] search(SetScan earlier, BitSet skipEarlier, SetScan later, BitSet skip) {
        NearTexts search = new NearTexts(earlier, later);
        for (int band = 0; band < BANDS; band++) {
            long[] first = search.keys(earlier, skipEarlier, band);
            search.join(first, search.within ? first : search.keys(later, skip, band));
        }
        return search.found;
    }

    /** Band and row in one number, sorted. */
    private long[] keys(SetScan set, BitSet skip, int band) {
        long[] keys = new long[set.nearRows()];
        int size = 0;
        for (int row = 0; row < keys.length; row++) {
            if (set.hasWords(row) && !skip.get(row)) {
                keys[size++] = set.signatures().band(row, band) << ROW_BITS | row;
            }
        }
        keys = size == keys.length ? keys : Arrays.copyOf(keys, size);
        Arrays.sort(keys);
        return keys;
    }

    private void join(long[] first, long[] second) {
        int begin = 0;
        for (long key : second) {
            long bucket = key >>> ROW_BITS;
            while (begin < first.length && first[begin] >>> ROW_BITS < bucket) begin++;
            int row = row(key);
            if (found[row] >= 0) continue;
            int end = Math.min(first.length, begin + CANDIDATES);
            for (int i = begin; i < end && first[i] >>> ROW_BITS == bucket && compared[row] < COMPARED; i++) {
                int other = row(first[i]);
                if (within && other >= row) break;
                if (isNear(other, row)) {
                    found[row] = other;
                    break;
                }
            }
        }
    }

    private static int row(long key) {
        return (int) (key & (1 << ROW_BITS) - 1);
    }

    private boolean isNear(int other, int row) {
        int columns = later.rows().columns().size();
        for (int column = 0; column < columns; column++) {
            if (later.signatures().similarity(row, earlier.signatures(), other, column) < LOOKS_SIMILAR) return false;
        }
        compared[row]++;
        return similarity(earlier.rows(), other, later.rows(), row) >= SIMILAR;
    }

    /** How much the texts of two rows overlap; of two texts the one that overlaps less decides. */
    static double similarity(CheckedRows a, int rowA, CheckedRows b, int rowB) {
        double least = 1;
        for (int column = 0; column < a.columns().size(); column++) {
            String first = String.valueOf(a.text(rowA, column));
            String second = String.valueOf(b.text(rowB, column));
            Shingles words = new Shingles();
            least = Math.min(
                    least,
                    Shingles.jaccard(
                            words.read(first).toSet(), words.read(second).toSet()));
        }
        return least;
    }
}
