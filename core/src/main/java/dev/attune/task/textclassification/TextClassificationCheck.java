package dev.attune.task.textclassification;

import dev.attune.data.Dataset;
import dev.attune.data.EncodedSink;
import dev.attune.data.Example;
import dev.attune.data.RowEncoder;
import dev.attune.io.TerminalText;
import dev.attune.task.Finding;
import dev.attune.task.Finding.Level;
import dev.attune.task.LengthFindings;
import dev.attune.task.SeenTexts;
import dev.attune.task.TextRows;
import dev.attune.text.TokenIds;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a doctor would say of text classification data: labels, duplicates, lengths, leakage. */
final class TextClassificationCheck {
    private static final int SHOWN_LABELS = 30;

    private final TextColumns columns;
    private final Labels labels;
    private final List<Finding> findings = new ArrayList<>();

    TextClassificationCheck(TextColumns columns, Labels labels) {
        this.columns = columns;
        this.labels = labels;
    }

    List<Finding> check(String role, Dataset rows, Tokenizer tokenizer, int maxLength) {
        columns.require(rows);
        add(Level.HEADING, "%s: %s, %,d rows", role, rows.name(), rows.size());
        String pair = columns.textPair() == null ? "" : " + " + columns.textPair();
        add(
                Level.INFO,
                "text in %s%s, labels in %s (%s)",
                columns.text(),
                pair,
                columns.label(),
                labels.problem().key());
        Labels.Reader reader = labels.reader(rows, String.valueOf(columns.label()));
        if (labels.problem() == ProblemType.REGRESSION) targets(rows, reader);
        else classes(rows, reader);
        duplicates(rows, reader);
        lengths(rows, tokenizer, maxLength);
        return findings;
    }

    private void targets(Dataset rows, Labels.Reader reader) {
        double[] sorted = new double[rows.size()];
        for (int row = 0; row < sorted.length; row++)
            sorted[row] = reader.read(row).targets()[0];
        Arrays.sort(sorted);
        add(
                Level.INFO,
                "targets from %.4g to %.4g, median %.4g",
                sorted[0],
                sorted[sorted.length - 1],
                sorted[sorted.length / 2]);
    }

    private void classes(Dataset rows, Labels.Reader reader) {
        long[] counts = new long[labels.names().size()];
        for (int row = 0; row < rows.size(); row++) {
            Labels.Value value = reader.read(row);
            for (int id : value.classes()) counts[id]++;
            for (int id = 0; id < value.targets().length; id++) counts[id] += value.targets()[id] > 0 ? 1 : 0;
        }
        long most = Math.max(1, Arrays.stream(counts).max().orElse(1));
        // As a terminal will show them, so that the columns stay columns.
        List<String> names = labels.names().stream().map(TerminalText::line).toList();
        int width = names.stream().mapToInt(String::length).max().orElse(1);
        for (int id = 0; id < Math.min(SHOWN_LABELS, counts.length); id++) {
            add(
                    Level.INFO,
                    "%-" + width + "s  %,8d  %5.1f%%  %s",
                    names.get(id),
                    counts[id],
                    100.0 * counts[id] / rows.size(),
                    LengthFindings.bar(counts[id], most));
        }
        if (counts.length > SHOWN_LABELS) add(Level.INFO, "… and %d more labels", counts.length - SHOWN_LABELS);
        List<String> none = new ArrayList<>();
        for (int id = 0; id < counts.length; id++) {
            if (counts[id] == 0) none.add(labels.names().get(id));
        }
        if (!none.isEmpty()) add(Level.WARNING, "no row has the label %s", String.join(", ", none));
    }

    private void duplicates(Dataset rows, Labels.Reader reader) {
        SeenTexts seen = new SeenTexts(rows.size(), row -> text(rows, row));
        int repeated = 0;
        int contradicting = 0;
        String example = "";
        for (int row = 0; row < rows.size(); row++) {
            int before = seen.add(row);
            if (before < 0) continue;
            repeated++;
            Labels.Value a = reader.read(before);
            Labels.Value b = reader.read(row);
            if (Arrays.equals(a.classes(), b.classes()) && Arrays.equals(a.targets(), b.targets())) continue;
            if (contradicting++ == 0) example = rows.where(before) + " and " + rows.where(row);
        }
        if (repeated == 0) add(Level.INFO, "no text occurs twice");
        else add(Level.WARNING, "%,d rows repeat the text of an earlier row", repeated);
        if (contradicting > 0) {
            add(Level.WARNING, "%,d of them have another label (first: %s)", contradicting, example);
        }
    }

    private void lengths(Dataset rows, Tokenizer tokenizer, int maxLength) {
        int[] lengths = new int[rows.size()];
        TextRows texts = new TextRows(rows, tokenizer, maxLength);
        new RowEncoder()
                .encode(
                        rows.size(),
                        row -> {
                            TokenIds encoding = texts.encode(row, columns.text(), columns.textPair());
                            lengths[row] = encoding.untruncatedLength();
                            return new Example(encoding.ids(), encoding.typeIds(), new int[0], new float[0]);
                        },
                        EncodedSink.NOWHERE);
        findings.addAll(LengthFindings.of(lengths, maxLength));
    }

    List<Finding> compare(Dataset train, Dataset validation) {
        SeenTexts seen = new SeenTexts(train.size(), row -> text(train, row));
        for (int row = 0; row < train.size(); row++) seen.add(row);
        int leaked = 0;
        String first = "";
        for (int row = 0; row < validation.size(); row++) {
            if (seen.find(text(validation, row)) >= 0 && leaked++ == 0) first = validation.where(row);
        }
        add(Level.HEADING, "train and validation");
        if (leaked == 0) {
            add(Level.INFO, "no validation text is in the training data");
        } else {
            add(
                    Level.WARNING,
                    "%,d of %,d validation texts are also in the training data (first: %s); the metrics will be too"
                            + " good",
                    leaked,
                    validation.size(),
                    first);
        }
        return findings;
    }

    private String text(Dataset rows, int row) {
        Object text = rows.value(row, columns.text());
        Object pair = columns.textPair() == null ? null : rows.value(row, columns.textPair());
        return text + (pair == null ? "" : "\0" + pair);
    }

    private void add(Level level, String format, Object... values) {
        findings.add(new Finding(level, String.format(Locale.ROOT, format, values)));
    }
}
