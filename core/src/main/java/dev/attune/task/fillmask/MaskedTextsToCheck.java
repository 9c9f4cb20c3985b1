package dev.attune.task.fillmask;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.task.CheckedRows;
import dev.attune.task.Findings;
import dev.attune.task.Learned;
import dev.attune.task.TextRows;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts for a doctor: what is to be learned are the texts themselves. */
record MaskedTextsToCheck(Dataset rows, String column, boolean lineByLine) implements CheckedRows {
    @Override
    public List<String> columns() {
        return List.of(column);
    }

    @Override
    public @Nullable String text(int row, int ignored) {
        return TextRows.textOrNull(rows, row, column);
    }

    /** Files of plain text have empty lines between paragraphs. */
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

    @Override
    public boolean cutsLongTexts() {
        return lineByLine;
    }

    @Override
    public String lesson(Example example, Tokenizer tokenizer) {
        List<String> hidden = new ArrayList<>();
        for (int i = 0; i < example.length(); i++) {
            if (example.labels()[i] != Masking.NONE) hidden.add(tokenizer.token(example.labels()[i]) + " at " + i);
        }
        return hidden.isEmpty() ? "nothing was chosen to be guessed" : String.join(", ", hidden);
    }
}
