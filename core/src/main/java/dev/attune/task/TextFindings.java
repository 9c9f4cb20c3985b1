package dev.attune.task;

import dev.attune.data.Dataset;
import dev.attune.data.EncodedSink;
import dev.attune.data.Example;
import dev.attune.data.RowEncoder;
import dev.attune.task.Finding.Level;
import dev.attune.text.TokenIds;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** What a doctor would say of texts, whatever the task: repeated ones, lengths, validation texts that were trained on. */
public final class TextFindings {
    private final List<String> columns;

    /** @param columns one with texts, or two with pairs of texts */
    public TextFindings(List<String> columns) {
        this.columns = List.copyOf(columns);
    }

    /** Whether two rows with the same text have the same label. */
    @FunctionalInterface
    public interface SameLabel {
        boolean test(int before, int row);
    }

    /** Texts that occur twice, and those of them that contradict each other. */
    public List<Finding> duplicates(Dataset rows, SameLabel same) {
        SeenTexts seen = new SeenTexts(rows.size(), row -> text(rows, row));
        int repeated = 0;
        int contradicting = 0;
        String example = "";
        for (int row = 0; row < rows.size(); row++) {
            int before = seen.add(row);
            if (before < 0) continue;
            repeated++;
            if (same.test(before, row)) continue;
            if (contradicting++ == 0) example = rows.where(before) + " and " + rows.where(row);
        }
        if (repeated == 0) return List.of(Finding.of(Level.INFO, "no text occurs twice"));
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.of(Level.WARNING, "%,d rows repeat the text of an earlier row", repeated));
        if (contradicting > 0) {
            findings.add(
                    Finding.of(Level.WARNING, "%,d of them have another label (first: %s)", contradicting, example));
        }
        return findings;
    }

    /** How long the texts are in tokens, and what the limit cuts. */
    public List<Finding> lengths(Dataset rows, Tokenizer tokenizer, int maxLength) {
        int[] lengths = new int[rows.size()];
        TextRows texts = new TextRows(rows, tokenizer, maxLength);
        String pair = columns.size() > 1 ? columns.get(1) : null;
        new RowEncoder()
                .encode(
                        rows.size(),
                        row -> {
                            TokenIds encoding = texts.encode(row, columns.get(0), pair);
                            lengths[row] = encoding.untruncatedLength();
                            return new Example(encoding.ids(), encoding.typeIds(), new int[0], new float[0]);
                        },
                        EncodedSink.NOWHERE);
        return LengthFindings.of(lengths, maxLength);
    }

    /** Validation texts that are also in the training data. */
    public List<Finding> shared(Dataset train, Dataset validation) {
        SeenTexts seen = new SeenTexts(train.size(), row -> text(train, row));
        for (int row = 0; row < train.size(); row++) seen.add(row);
        int leaked = 0;
        String first = "";
        for (int row = 0; row < validation.size(); row++) {
            if (seen.find(text(validation, row)) >= 0 && leaked++ == 0) first = validation.where(row);
        }
        Finding heading = Finding.of(Level.HEADING, "train and validation");
        if (leaked == 0) {
            return List.of(heading, Finding.of(Level.INFO, "no validation text is in the training data"));
        }
        return List.of(
                heading,
                Finding.of(
                        Level.WARNING,
                        "%,d of %,d validation texts are also in the training data (first: %s); the metrics will be too"
                                + " good",
                        leaked,
                        validation.size(),
                        first));
    }

    private String text(Dataset rows, int row) {
        Object text = rows.value(row, columns.get(0));
        Object pair = columns.size() > 1 ? rows.value(row, columns.get(1)) : null;
        return text + (pair == null ? "" : "\0" + pair);
    }
}
