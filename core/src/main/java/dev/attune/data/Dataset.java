package dev.attune.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table: named columns, numbered rows. Immutable, so one instance may serve many threads. Make one with {@link
 * Datasets}. Values are stored as bytes, in memory or, if they are many, in a file, and are made anew when asked for.
 *
 * <p>A value is {@code null}, {@link String}, {@link Long}, {@link Double}, {@link Boolean}, {@link
 * java.math.BigInteger} (beyond 64 bits), a {@code byte[]}, or an unmodifiable {@code List} or {@code Map<String, …>}
 * of these. Whatever file or database the rows came from, an integer is a {@code Long} and a fraction a {@code Double},
 * so a task needs to look at four types only. In CSV and TSV files every value is text; the task turns labels into
 * numbers.
 */
public interface Dataset {
    /** What messages call this data: the file name, the pattern, the query. */
    String name();

    /** Column names in the order of the file, without duplicates. */
    List<String> columns();

    /** Number of rows. */
    int size();

    /**
     * The value of one cell.
     *
     * @param row from 0 to {@code size() - 1}
     * @throws dev.attune.error.DataException if there is no such column
     * @throws IndexOutOfBoundsException if there is no such row
     */
    @Nullable
    Object value(int row, String column);

    /**
     * Where a person finds this row: {@code "train.csv line 12"} for text files (the line where the record starts),
     * else {@code "row 11"} counted from 1. Rows of a {@link #select} keep the place they came from.
     */
    String where(int row);

    /** The rows with these numbers, in this order; a row may come twice. The values are shared, not copied. */
    Dataset select(int[] rows);

    /**
     * Two shuffled parts that together hold every row once. The validation part has {@code ceil(size * fraction)} rows,
     * but each part has at least one. The same seed and size give the same parts on every machine.
     *
     * @throws dev.attune.error.ConfigException if the fraction is not between 0 and 1
     * @throws dev.attune.error.DataException if there are fewer than two rows
     */
    Split split(double validationFraction, long seed);

    /**
     * SHA-256 of the content, in hexadecimal: column names, and every value with its type, in order. It does not depend
     * on the name, the place or the file format of the data. That of a {@link #select} or {@link #split} is of the hash of
     * the table and the row numbers. Known without a look at the rows.
     */
    String sha256();
}
