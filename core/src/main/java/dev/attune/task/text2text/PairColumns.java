package dev.attune.task.text2text;

import dev.attune.data.Columns;
import dev.attune.data.Dataset;
import dev.attune.error.DataException;
import dev.attune.task.TextRows;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a set of pairs; one may go into an object, {@code translation.en}.
 *
 * @param source texts that are read
 * @param target texts that are written about them
 */
record PairColumns(String source, String target) {
    /**
     * The columns that the settings name, and the others by the usual names of the task, else the first two columns.
     *
     * @throws DataException if one is missing, or cannot be told
     */
    static PairColumns of(Dataset data, Text2TextSettings settings, Kind kind) {
        String source = settings.sourceColumn();
        String target = settings.targetColumn();
        if (source != null) require(data, source);
        if (target != null) require(data, target);
        if (source != null && target != null) return new PairColumns(source, target);
        for (List<String> pair : kind.pairs()) {
            List<String> found = new Columns(data).group(List.of(pair));
            if (found.isEmpty()) continue;
            if (source != null && !found.get(0).equals(source)) continue;
            if (target != null && !found.get(1).equals(target)) continue;
            return new PairColumns(found.get(0), found.get(1));
        }
        // As the reference's scripts take the first two of a CSV file.
        List<String> all = data.columns();
        if (source == null && target == null && all.size() == 2) return new PairColumns(all.get(0), all.get(1));
        throw new DataException("Cannot tell which columns of " + data.name() + " are read and written; it has "
                + String.join(", ", all) + ". Set source_column and target_column.");
    }

    /** The column of texts to read, where nothing has been written about them yet. */
    static String source(Dataset data, @Nullable String named, Kind kind) {
        if (named == null) return TextRows.column(data, null, kind.sources());
        require(data, named);
        return named;
    }

    static void require(Dataset data, String column) {
        int dot = column.indexOf('.');
        if (dot > 0 && !data.columns().contains(column)) column = column.substring(0, dot);
        Columns.require(data, column);
    }

    /** @throws DataException with the row, if there is no text */
    static String requiredText(Dataset data, int row, String column) {
        return TextRows.required(text(data, row, column), data, row, column);
    }

    /**
     * The text of a cell, or of an object in it.
     *
     * @throws DataException with the row, if there is something that is no text
     */
    static @Nullable String text(Dataset data, int row, String column) {
        int dot = column.indexOf('.');
        if (dot <= 0 || data.columns().contains(column)) return TextRows.textOrNull(data, row, column);
        Object cell = data.value(row, column.substring(0, dot));
        String field = column.substring(dot + 1);
        if (cell == null) return null;
        if (cell instanceof Map<?, ?> object && object.containsKey(field)) {
            Object value = object.get(field);
            if (value == null || value instanceof String) return (String) value;
            throw new DataException(data.where(row) + ": " + column + " is no text.");
        }
        throw new DataException(data.where(row) + ": column \"" + column.substring(0, dot) + "\" has no field \""
                + field + "\". Name another column.");
    }
}
