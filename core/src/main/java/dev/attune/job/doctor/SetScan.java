package dev.attune.job.doctor;

import dev.attune.error.DataException;
import dev.attune.task.CheckedRows;
import dev.attune.task.Learned;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of every row of a set after one pass on all processors: a hash of its texts, one of what it teaches, a signature
 * of the words. Some hundred bytes a row, whatever the length of the texts.
 */
public final class SetScan {
    private static final int CHUNK = 1024;

    private final String role;
    private final CheckedRows rows;
    private final long[] texts;
    /** Of each text of a row; null where there is one only. */
    private final long @Nullable [][] columns;

    private final long[] lessons;
    private final Signatures signatures;
    private final boolean[] words;
    private final Tally tally;

    private SetScan(String role, CheckedRows rows) {
        this.role = role;
        this.rows = rows;
        int size = rows.rows().size();
        int width = rows.columns().size();
        texts = new long[size];
        columns = width > 1 ? new long[width][size] : null;
        lessons = new long[size];
        int near = Math.min(size, NearTexts.most(width));
        signatures = new Signatures(near, width);
        words = new boolean[near];
        int chunks = (size + CHUNK - 1) / CHUNK;
        // In the order of the rows, so that the first of a kind is the same every time.
        List<Tally> parts = IntStream.range(0, chunks)
                .parallel()
                .mapToObj(chunk -> chunk(chunk * CHUNK, Math.min(size, (chunk + 1) * CHUNK)))
                .toList();
        tally = Tally.of(rows, parts);
    }

    /**
     * Reads all rows.
     *
     * @param role what the set is for, {@code train}
     */
    public static SetScan of(String role, CheckedRows rows) {
        return new SetScan(role, rows);
    }

    private Tally chunk(int from, int to) {
        Tally part = new Tally(rows.labels().size());
        Reader reader = new Reader(part);
        for (int row = from; row < to; row++) reader.read(row);
        return part;
    }

    /** Reads rows on one thread. */
    private final class Reader {
        private final Tally tally;
        private final Shingles shingles = new Shingles();
        private final int[] minima = new int[Signatures.HASHES];

        Reader(Tally tally) {
            this.tally = tally;
        }

        void read(int row) {
            try {
                if (!readTexts(row)) return;
                Learned learned = rows.learned(row);
                if (learned == null) return;
                lessons[row] = TextHash.of(learned.text());
                tally.learned(learned.labels());
            } catch (DataException e) {
                texts[row] = 0;
                tally.refused(row, String.valueOf(e.getMessage()));
            }
        }

        /** Tells whether the row has all its texts. */
        private boolean readTexts(int row) {
            int strange = 0;
            boolean empty = false;
            long all = 0;
            for (int column = 0; column < rows.columns().size(); column++) {
                String text = rows.text(row, column);
                strange |= StrangeText.of(text == null ? "" : text);
                empty |= text == null || text.isBlank();
                if (empty) continue;
                long hash = TextHash.ofNormalised(text);
                if (columns != null) columns[column][row] = hash;
                all = column == 0 ? hash : TextHash.of(all, hash);
                if (row < words.length) {
                    if (column == 0) words[row] = shingles.read(text).size() > 0;
                    else shingles.read(text);
                    signatures.put(row, column, shingles, minima);
                }
            }
            tally.strange(row, strange);
            if (empty) {
                tally.empty(row);
                return false;
            }
            texts[row] = all;
            return true;
        }
    }

    public String role() {
        return role;
    }

    CheckedRows rows() {
        return rows;
    }

    int size() {
        return texts.length;
    }

    /** A hash of the texts of a row; 0 if a training does not take it. */
    long text(int row) {
        return texts[row];
    }

    /** A hash of one of two texts; 0 if there is none. */
    long text(int row, int column) {
        return columns == null ? texts[row] : columns[column][row];
    }

    /** A hash of what a row teaches; 0 where the texts themselves are learned. */
    long lesson(int row) {
        return lessons[row];
    }

    /** Whether a training takes this row. */
    boolean isUsable(int row) {
        return texts[row] != 0;
    }

    /** Rows from the first on that have a signature. */
    int nearRows() {
        return words.length;
    }

    /** Whether a row has a signature that says something. */
    boolean hasWords(int row) {
        return words[row] && texts[row] != 0;
    }

    Signatures signatures() {
        return signatures;
    }

    Tally tally() {
        return tally;
    }

    /** Rows with these properties, as a set. */
    BitSet where(IntPredicate test) {
        BitSet found = new BitSet(size());
        for (int row = 0; row < size(); row++) if (test.test(row)) found.set(row);
        return found;
    }
}
