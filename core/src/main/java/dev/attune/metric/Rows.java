package dev.attune.metric;

import dev.attune.error.DataException;

/** Rows that a metric was given. */
final class Rows {
    private Rows() {}

    static void require(long rows) {
        if (rows == 0) {
            throw new DataException(
                    "No row was evaluated, so there is nothing to score. Give evaluation data with rows.");
        }
    }
}
