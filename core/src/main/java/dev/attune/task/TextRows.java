package dev.attune.task;

import dev.attune.data.Dataset;
import dev.attune.data.Encoded;
import dev.attune.error.DataException;
import dev.attune.text.CleanText;
import dev.attune.text.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Reads texts out of rows, and counts what had to be done to them: cut, or cleaned. Several threads may read at the same
 * time.
 */
public final class TextRows {
    private final Dataset data;
    private final int maxLength;
    private final LongAdder tokens = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder cut = new LongAdder();
    private final LongAdder unclean = new LongAdder();
    private final AtomicInteger firstCut = new AtomicInteger(Integer.MAX_VALUE);

    public TextRows(Dataset data, int maxLength) {
        this.data = data;
        this.maxLength = maxLength;
    }

    /**
     * The text of a cell.
     *
     * @throws DataException with the row, if there is none, or something that is no text
     */
    public static String text(Dataset data, int row, String column) {
        Object value = data.value(row, column);
        if (value instanceof Map<?, ?> || value instanceof List<?> || value instanceof byte[]) {
            String found = value instanceof Map<?, ?> ? "an object" : value instanceof List<?> ? "a list" : "bytes";
            throw new DataException(data.where(row) + ": the text in column \"" + column + "\" is " + found
                    + ", expected a text. Name another column, or turn it into a text first.");
        }
        if (value == null || value.toString().isBlank()) {
            throw new DataException(data.where(row) + ": the text in column \"" + column + "\" is "
                    + (value == null ? "null" : "empty") + ". Give it a text, or remove the row.");
        }
        return value.toString();
    }

    /** As {@link #text(Dataset, int, String)}; counts a text that the tokenizer will clean. */
    public String text(int row, String column) {
        String text = text(data, row, column);
        if (!CleanText.isClean(text)) unclean.increment();
        return text;
    }

    /** Counts an encoding, and what was cut from it. */
    public void encoded(int row, TokenIds encoding) {
        tokens.add(encoding.untruncatedLength());
        if (!encoding.truncated()) return;
        cut.increment();
        lost.add(encoding.untruncatedLength() - encoding.length());
        firstCut.accumulateAndGet(row, Math::min);
    }

    /** Sentences for the user, as notes of {@link Encoded}; none if nothing was done. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (cut.sum() > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%s: %,d of %,d texts are longer than %d tokens and were cut (%.1f%% of all tokens lost; the first is"
                            + " %s).",
                    Encoded.DATA,
                    cut.sum(),
                    data.size(),
                    maxLength,
                    100.0 * lost.sum() / tokens.sum(),
                    Encoded.place(firstCut.get())));
        }
        if (unclean.sum() > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%s: %,d texts hold a NUL or half a surrogate pair; the characters were replaced by U+FFFD.",
                    Encoded.DATA,
                    unclean.sum()));
        }
        return notes;
    }
}
