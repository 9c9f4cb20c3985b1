package dev.attune.metric;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Least number of symbols to put in, take out or replace to make one text of another (Levenshtein, 1966). 64 cells of a column of
 * the usual table are computed at once, kept as bits that say where it goes up or down by one: Myers, "A fast bit-vector algorithm
 * for approximate string matching based on dynamic programming" (1999), in the form of Hyyrö (2003).
 */
final class EditDistance {
    private EditDistance() {}

    static int of(int[] a, int[] b) {
        if (a.length == 0) return b.length;
        int blocks = (a.length + 63) / 64;
        Map<Integer, long[]> places = new HashMap<>();
        for (int i = 0; i < a.length; i++) {
            places.computeIfAbsent(a[i], symbol -> new long[blocks])[i / 64] |= 1L << i;
        }
        long[] nowhere = new long[blocks];
        long[] up = new long[blocks]; // rows whose cell is one above the cell before
        Arrays.fill(up, -1);
        long[] down = new long[blocks];
        int distance = a.length;
        for (int symbol : b) {
            long[] equal = places.getOrDefault(symbol, nowhere);
            long right = 1; // whether the row above the block goes up from the last column to this one
            long left = 0; // or down
            for (int k = 0; k < blocks; k++) {
                long start = equal[k] | left;
                long diagonal = (start & up[k]) + up[k] ^ up[k] | start | down[k]; // rows that cost nothing
                long rises = down[k] | ~(diagonal | up[k]);
                long falls = diagonal & up[k];
                if (k == blocks - 1)
                    distance += (int) (rises >>> a.length - 1 & 1) - (int) (falls >>> a.length - 1 & 1);
                long risesAbove = rises << 1 | right;
                long fallsAbove = falls << 1 | left;
                right = rises >>> 63;
                left = falls >>> 63;
                up[k] = fallsAbove | ~(diagonal | risesAbove);
                down[k] = risesAbove & diagonal;
            }
        }
        return distance;
    }
}
