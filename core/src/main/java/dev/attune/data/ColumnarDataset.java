package dev.attune.data;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The only {@link Dataset}: one array per column, and the row numbers that are visible. */
final class ColumnarDataset implements Dataset {
    private final String name;
    private final List<String> columns;
    private final Map<String, @Nullable Object[]> values;
    private final Origin origin;
    private final int[] rows;

    /**
     * @param rows the visible rows; a selection shares {@code values} with its source and only has other numbers here
     */
    ColumnarDataset(String name, Map<String, @Nullable Object[]> values, Origin origin, int[] rows) {
        this.name = name;
        this.columns = List.copyOf(values.keySet());
        this.values = values;
        this.origin = origin;
        this.rows = rows;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public int size() {
        return rows.length;
    }

    @Override
    public @Nullable Object value(int row, String column) {
        @Nullable Object[] cells = values.get(column);
        if (cells == null) {
            Columns.require(this, column); // throws, with a suggestion
            throw new AssertionError(column);
        }
        return cells[rows[row]];
    }

    @Override
    public String where(int row) {
        return origin.where(rows[row]);
    }

    @Override
    public Dataset select(int[] selected) {
        int[] source = new int[selected.length];
        for (int i = 0; i < source.length; i++) source[i] = rows[Objects.checkIndex(selected[i], rows.length)];
        return new ColumnarDataset(name, values, origin, source);
    }

    @Override
    public Split split(double validationFraction, long seed) {
        if (!(validationFraction > 0 && validationFraction < 1)) {
            throw new ConfigException("The validation fraction must lie between 0 and 1 (for example 0.1), but is "
                    + validationFraction + ".");
        }
        int n = size();
        if (n < 2) {
            throw new DataException("Cannot split " + name + " into training and validation rows: it has " + n
                    + (n == 1 ? " row." : " rows.") + " Give a validation file instead.");
        }
        // The size rule of scikit-learn and Hugging Face's train_test_split; both sides keep at least one row.
        int validation = (int) Math.min(n - 1L, Math.max(1L, (long) Math.ceil(n * validationFraction)));
        int[] order = new Mt19937(seed).permutation(n);
        return new Split(
                select(Arrays.copyOfRange(order, validation, n)), select(Arrays.copyOfRange(order, 0, validation)));
    }

    @Override
    public String sha256() {
        return new ContentHash().add(this).hex();
    }

    @Override
    public String toString() {
        return name + " (" + size() + " rows: " + String.join(", ", columns) + ")";
    }
}
