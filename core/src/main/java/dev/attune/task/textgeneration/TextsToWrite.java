package dev.attune.task.textgeneration;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.task.CheckedRows;
import dev.attune.task.Findings;
import dev.attune.task.Learned;
import dev.attune.task.TextRows;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts for a doctor: what is to be learned are the texts themselves. */
record TextsToWrite(Dataset rows, TextParts parts, TextGenerationSettings settings) implements CheckedRows {
    @Override
    public List<String> columns() {
        return parts.columns();
    }

    @Override
    public @Nullable String text(int row, int column) {
        return TextRows.textOrNull(rows, row, columns().get(column));
    }

    /** Files of plain text have empty lines between paragraphs; a row without a completion teaches nothing. */
    @Override
    public boolean leavesOutEmpty() {
        return true;
    }

    @Override
    public @Nullable Learned learned(int row) {
        return null;
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public List<Findings> more(long[] counts) {
        return List.of();
    }

    /** The two parts are one text to the model. */
    private String whole(int row) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < columns().size(); column++) text.append(text(row, column));
        return text.toString();
    }

    @Override
    public Encoding encode(int row, Tokenizer tokenizer) {
        return tokenizer.encode(whole(row), null, Integer.MAX_VALUE);
    }

    @Override
    public String source(int row, Encoding encoding, int token) {
        return whole(row).substring(encoding.start(token), encoding.end(token));
    }

    @Override
    public boolean cutsLongTexts() {
        return parts.completion() != null;
    }

    @Override
    public String lesson(Example example, Tokenizer tokenizer) {
        int from = 0;
        while (from < example.length() && example.labels()[from] < 0) from++;
        int[] learned = Arrays.copyOfRange(example.ids(), from, example.length());
        return learned.length == 0 ? "nothing" : "to write \"" + tokenizer.decode(learned, false) + "\"";
    }
}
