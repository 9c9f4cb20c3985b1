package dev.attune.optim;

import java.util.Arrays;

/** The rows of a table that have been seen, numbered in the order in which they came. */
final class KnownRows {
    /** Place of each row of the table, or -1. */
    private final int[] places;
    /** Row at each place: the inverse of {@link #places}, as far as {@link #count}. */
    private int[] numbers = new int[256];

    private int count;

    /** @param of rows of the table */
    KnownRows(int of) {
        places = new int[of];
        Arrays.fill(places, -1);
    }

    /** Rows that were seen before, in the order in which they came. */
    KnownRows(int of, long[] seen) {
        this(of);
        places(seen);
    }

    /** Places of these rows; those seen for the first time get the next ones. */
    int[] places(long[] rows) {
        int[] found = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int row = Math.toIntExact(rows[i]);
            if (places[row] < 0) {
                if (count == numbers.length) numbers = Arrays.copyOf(numbers, 2 * count);
                numbers[count] = row;
                places[row] = count++;
            }
            found[i] = places[row];
        }
        return found;
    }

    /** The known rows, by place. */
    int[] numbers() {
        return Arrays.copyOf(numbers, count);
    }

    int count() {
        return count;
    }

    /** Rows of the table. */
    int of() {
        return places.length;
    }
}
