package dev.attune.data.store;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stored rows. A record is a varint of the place of the row (a line, or a row counted from 1), then one {@link Cell} for
 * each column; cells that are missing at its end are null.
 */
public record Table(Facts facts, Records records) {
    /**
     * What there is beside the rows.
     *
     * @param columns their names
     * @param places what stands before the number of a place, {@code "train.csv line "}, for each source
     * @param firstRows the first row of each source
     * @param sha256 {@link RowHash} of columns and rows
     */
    public record Facts(List<String> columns, List<String> places, int[] firstRows, String sha256) {}

    @Nullable
    public Object value(int row, int column) {
        ByteReader in = records.read(row);
        in.varint();
        for (int before = 0; before < column; before++) {
            if (in.atEnd()) return null;
            Cell.skip(in);
        }
        return in.atEnd() ? null : Cell.read(in);
    }

    public String where(int row) {
        if (facts.places.isEmpty()) return "row " + (row + 1);
        int found = Arrays.binarySearch(facts.firstRows, row);
        return facts.places.get(found >= 0 ? found : -found - 2)
                + records.read(row).varint();
    }
}
