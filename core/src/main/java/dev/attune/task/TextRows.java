package dev.attune.task;

import dev.attune.data.Columns;
import dev.attune.data.Dataset;
import dev.attune.data.Encoded;
import dev.attune.error.DataException;
import dev.attune.text.Encoding;
import dev.attune.text.TokenIds;
import dev.attune.text.Tokenizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The texts of rows, and their tokens; knows which row was the first to be cut. Several threads may encode at the same time. */
public final class TextRows {
    private final Dataset data;
    private final TextEncoder encoder;
    private final AtomicInteger firstCut = new AtomicInteger(Integer.MAX_VALUE);

    /** @param maxLength longest text, or pair of texts, in tokens */
    public TextRows(Dataset data, Tokenizer tokenizer, int maxLength) {
        this.data = data;
        this.encoder = new TextEncoder(tokenizer, maxLength);
    }

    /**
     * The column of the texts, where rows have one text each.
     *
     * @param named {@code text_column}; null to look for it
     * @param usual its usual names, tried in this order before the only column of texts is taken
     * @throws DataException if it is missing, or cannot be told
     */
    public static String column(Dataset data, @Nullable String named, List<String> usual) {
        if (named != null) return Columns.require(data, named, List.of(usual));
        Columns columns = new Columns(data);
        String found = columns.byName(usual, "the text", "text_column");
        return found != null ? found : columns.onlyText("the text", "text_column");
    }

    /**
     * The text of a cell.
     *
     * @throws DataException with the row, if there is none, or something that is no text
     */
    public static String text(Dataset data, int row, String column) {
        return required(textOrNull(data, row, column), data, row, column);
    }

    /**
     * The same text, if it is one.
     *
     * @throws DataException with the row, if it is null or empty
     */
    public static String required(@Nullable String text, Dataset data, int row, String column) {
        if (text != null && !text.isBlank()) return text;
        throw new DataException(data.where(row) + ": the text in column \"" + column + "\" is "
                + (text == null ? "null" : "empty") + ". Give it a text, or remove the row.");
    }

    /**
     * The text of a cell, as far as there is one.
     *
     * @throws DataException with the row, if there is something that is no text
     */
    public static @Nullable String textOrNull(Dataset data, int row, String column) {
        Object value = data.value(row, column);
        if (value instanceof Map<?, ?> || value instanceof List<?> || value instanceof byte[]) {
            String found = value instanceof Map<?, ?> ? "an object" : value instanceof List<?> ? "a list" : "bytes";
            throw new DataException(data.where(row) + ": the text in column \"" + column + "\" is " + found
                    + ", expected a text. Name another column, or turn it into a text first.");
        }
        return value == null ? null : value.toString();
    }

    /**
     * The tokens of a row.
     *
     * @param pairColumn the second text; null for single texts
     * @throws DataException as {@link #text}
     */
    public TokenIds encode(int row, String column, @Nullable String pairColumn) {
        String text = text(data, row, column);
        TokenIds encoding = encoder.encode(text, pairColumn == null ? null : text(data, row, pairColumn));
        if (encoding.truncated()) firstCut.accumulateAndGet(row, Math::min);
        return encoding;
    }

    /**
     * The tokens of a row with their places in its text.
     *
     * @throws DataException as {@link #text}
     */
    public Encoding encodePlaces(int row, String column) {
        Encoding encoding = encoder.encodePlaces(text(data, row, column));
        if (encoding.truncated()) firstCut.accumulateAndGet(row, Math::min);
        return encoding;
    }

    /** Sentences for the user, as notes of {@link Encoded}; none if nothing was done. */
    public List<String> notes() {
        int first = firstCut.get();
        String more = first == Integer.MAX_VALUE
                ? ""
                : String.format(
                        Locale.ROOT,
                        " (%.1f%% of all tokens lost; the first is %s)",
                        encoder.percentLost(),
                        Encoded.place(first));
        return encoder.notes(Encoded.DATA + ": ", String.format(Locale.ROOT, " of %,d", data.size()), more);
    }
}
