package dev.attune.data;

/** Says where a row of the source was found, for people. */
@FunctionalInterface
interface Origin {
    /** For sources without lines: tables, queries, lists. */
    Origin ROW = row -> "row " + (row + 1);

    String where(int sourceRow);
}
