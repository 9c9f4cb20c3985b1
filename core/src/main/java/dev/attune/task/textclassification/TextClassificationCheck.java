package dev.attune.task.textclassification;

import dev.attune.data.Dataset;
import dev.attune.io.TerminalText;
import dev.attune.task.Finding;
import dev.attune.task.Finding.Level;
import dev.attune.task.LengthFindings;
import dev.attune.task.TextFindings;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a doctor would say of text classification data: labels, and what {@link TextFindings} says of any texts. */
final class TextClassificationCheck {
    private static final int SHOWN_LABELS = 30;

    private final TextColumns columns;
    private final Labels labels;
    private final TextFindings texts;
    private final List<Finding> findings = new ArrayList<>();

    TextClassificationCheck(TextColumns columns, Labels labels) {
        this.columns = columns;
        this.labels = labels;
        this.texts = new TextFindings(columns.texts());
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
        findings.addAll(texts.duplicates(rows, (before, row) -> same(reader.read(before), reader.read(row))));
        findings.addAll(texts.lengths(rows, tokenizer, maxLength));
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

    private static boolean same(Labels.Value a, Labels.Value b) {
        return Arrays.equals(a.classes(), b.classes()) && Arrays.equals(a.targets(), b.targets());
    }

    List<Finding> compare(Dataset train, Dataset validation) {
        return texts.shared(train, validation);
    }

    private void add(Level level, String format, Object... values) {
        findings.add(Finding.of(level, format, values));
    }
}
