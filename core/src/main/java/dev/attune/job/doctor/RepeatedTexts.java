package dev.attune.job.doctor;

import java.util.Arrays;

/** Which texts of a set occur in more than one of its rows. 8 bytes a row while it is made, and 20 for each repeated text. */
final class RepeatedTexts {
    /** The hashes of texts that occur more than once, sorted. */
    private final long[] hashes;
    /** The first row of each. */
    private final int[] first;

    private final SetScan set;

    RepeatedTexts(SetScan set) {
        this.set = set;
        long[] sorted = sorted(set);
        int size = 0;
        for (int i = 1; i < sorted.length; i++) {
            boolean again = sorted[i] == sorted[i - 1];
            if (again && (size == 0 || sorted[size - 1] != sorted[i])) sorted[size++] = sorted[i];
        }
        hashes = Arrays.copyOf(sorted, size);
        first = new int[size];
        Arrays.fill(first, -1);
        for (int row = 0; row < set.size(); row++) {
            int at = at(set.text(row));
            if (at >= 0 && first[at] < 0) first[at] = row;
        }
    }

    /** The hashes of all texts of a set, sorted. */
    static long[] sorted(SetScan set) {
        long[] sorted = new long[set.size()];
        int size = 0;
        for (int row = 0; row < sorted.length; row++) if (set.isUsable(row)) sorted[size++] = set.text(row);
        sorted = Arrays.copyOf(sorted, size);
        Arrays.parallelSort(sorted);
        return sorted;
    }

    private int at(long hash) {
        return hash == 0 || hashes.length == 0 ? -1 : Arrays.binarySearch(hashes, hash);
    }

    /** The first row with the text of this one, or -1 if this is it. */
    int before(int row) {
        int at = at(set.text(row));
        return at < 0 || first[at] == row ? -1 : first[at];
    }

    /** How many texts occur more than once. */
    int size() {
        return hashes.length;
    }
}
