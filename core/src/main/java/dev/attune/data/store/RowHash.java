package dev.attune.data.store;

import dev.attune.io.Sha256;
import java.security.MessageDigest;
import java.util.List;

/**
 * The content hash of a table, taken while its rows come in. A row counts with its {@link Cell} bytes up to its last
 * value that is not null, so that a column which only later rows have leaves the rows before as they were.
 */
public final class RowHash {
    private final MessageDigest rows = Sha256.digest();
    private final ByteWriter length = new ByteWriter(16);
    private long count;

    /** The next row: {@code cells[from, to)}. */
    public void add(byte[] cells, int from, int to) {
        length.clear();
        length.varint(to - from);
        rows.update(length.bytes(), 0, length.length());
        rows.update(cells, from, to - from);
        count++;
    }

    /** Of the column names, the number of rows and the rows. */
    public String hex(List<String> columns) {
        ByteWriter table = new ByteWriter(256);
        Cell.write(columns, table);
        table.fixed(count);
        MessageDigest digest = Sha256.digest();
        digest.update(table.bytes(), 0, table.length());
        digest.update(rows.digest());
        return Sha256.hex(digest);
    }

    /** Of some rows of a table with this hash. */
    public static String ofSelection(String table, int[] selected) {
        MessageDigest digest = Sha256.digest();
        ByteWriter text = new ByteWriter(1 << 13);
        Cell.write(table, text);
        text.fixed(selected.length);
        for (int row : selected) {
            text.octet(row);
            text.octet(row >> 8);
            text.octet(row >> 16);
            text.octet(row >> 24);
            if (text.length() >= 1 << 12) {
                digest.update(text.bytes(), 0, text.length());
                text.clear();
            }
        }
        digest.update(text.bytes(), 0, text.length());
        return Sha256.hex(digest);
    }
}
