package dev.attune.job;

import dev.attune.data.Dataset;
import dev.attune.data.TableWriter.Kind;
import dev.attune.error.DataException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** As what a column can be written to a database without a change of any of its values. */
final class KeptKind {
    private KeptKind() {}

    /**
     * The kind for all values of a column: numbers with and without a fraction are decimals together, with a list or an
     * object among them all values are JSON, and what no other kind takes whole is text.
     *
     * @throws DataException if it holds bytes, which have no text
     */
    static Kind of(Dataset rows, String column) {
        Kind all = null;
        boolean exact = true; // whether every whole number is one as a decimal too
        for (int row = 0; row < rows.size(); row++) {
            Object value = rows.value(row, column);
            if (value == null) continue;
            if (value instanceof byte[]) {
                throw new DataException(rows.where(row) + ": the column \"" + column
                        + "\" holds bytes, which cannot be kept. Leave it out, or turn it into text in a query.");
            }
            exact &= !(value instanceof Long number) || isExact(number);
            all = all == null ? of(value) : together(all, of(value));
        }
        if (all == null) return Kind.TEXT;
        return all == Kind.DOUBLE && !exact ? Kind.TEXT : all;
    }

    private static Kind together(Kind a, Kind b) {
        if (a == b) return a;
        if (a == Kind.NESTED || b == Kind.NESTED) return Kind.NESTED;
        boolean numbers = (a == Kind.LONG || a == Kind.DOUBLE) && (b == Kind.LONG || b == Kind.DOUBLE);
        return numbers ? Kind.DOUBLE : Kind.TEXT;
    }

    private static boolean isExact(long number) {
        return number != Long.MAX_VALUE && (long) (double) number == number;
    }

    /** The kind of a single value. */
    static Kind of(@Nullable Object value) {
        if (value instanceof Double || value instanceof Float) return Kind.DOUBLE;
        if (value instanceof Long || value instanceof Integer) return Kind.LONG;
        if (value instanceof Boolean) return Kind.BOOLEAN;
        return value instanceof List<?> || value instanceof Map<?, ?> ? Kind.NESTED : Kind.TEXT;
    }
}
