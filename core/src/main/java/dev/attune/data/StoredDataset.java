package dev.attune.data;

import dev.attune.data.store.RowHash;
import dev.attune.data.store.Table;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The only {@link Dataset}: a table, and the numbers of its rows that are visible. */
final class StoredDataset implements Dataset {
    private final String name;
    private final Table table;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final int @Nullable [] rows; // null: all, in order

    /** @param rows the visible rows; null for all. A selection shares {@code table} and only has other numbers here */
    StoredDataset(String name, Table table, int @Nullable [] rows) {
        this.name = name;
        this.table = table;
        this.rows = rows;
        for (String column : table.facts().columns()) numbers.put(column, numbers.size());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> columns() {
        return table.facts().columns();
    }

    @Override
    public int size() {
        return rows == null ? table.records().size() : rows.length;
    }

    @Override
    public @Nullable Object value(int row, String column) {
        Integer number = numbers.get(column);
        if (number == null) {
            Columns.require(this, column); // throws, with a suggestion
            throw new AssertionError(column);
        }
        try {
            return table.value(source(row), number);
        } catch (IndexOutOfBoundsException | InternalError e) {
            Objects.checkIndex(row, size());
            throw new DataException(
                    "The stored rows of " + name + " are damaged at row " + (row + 1) + " (" + e.getMessage()
                            + "). Remove the folder data in ATTUNE_HOME (default ~/.cache/attune), and start again.",
                    e);
        }
    }

    private int source(int row) {
        return rows == null ? row : rows[row];
    }

    @Override
    public String where(int row) {
        return table.where(source(row));
    }

    @Override
    public Dataset select(int[] selected) {
        int[] source = new int[selected.length];
        int size = size();
        boolean all = selected.length == table.records().size();
        for (int i = 0; i < source.length; i++) {
            source[i] = source(Objects.checkIndex(selected[i], size));
            all &= source[i] == i;
        }
        return new StoredDataset(name, table, all ? null : source);
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
        return rows == null
                ? table.facts().sha256()
                : RowHash.ofSelection(table.facts().sha256(), rows);
    }

    @Override
    public String toString() {
        return name + " (" + size() + " rows: " + String.join(", ", columns()) + ")";
    }
}
