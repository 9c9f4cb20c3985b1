package dev.attune.cli;

import dev.attune.data.Columns;
import dev.attune.data.Dataset;
import dev.attune.data.TextColumns;
import dev.attune.task.Labels;
import dev.attune.task.ProblemType;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The findings of {@code attune check}. */
final class DataCheck {
    private static final int SHOWN_LABELS = 30;
    private static final int BAR = 30;

    private final PrintWriter out;
    private final TextColumns columns;
    private final Labels labels;

    DataCheck(PrintWriter out, TextColumns columns, Labels labels) {
        this.out = out;
        this.columns = columns;
        this.labels = labels;
    }

    /** Size, columns, labels and duplicates of one data set. */
    void describe(String role, Dataset data) {
        print("%s: %s, %,d rows", role, data.name(), data.size());
        String pair = columns.textPair() == null ? "" : " + " + columns.textPair();
        print(
                "  text in %s%s, labels in %s (%s)",
                columns.text(), pair, columns.label(), labels.problem().key());
        List<Labels.Value> values = labels.read(data, Columns.require(data, String.valueOf(columns.label())));
        if (labels.problem() == ProblemType.REGRESSION) {
            targets(values);
        } else {
            classes(values);
        }
        duplicates(data, values);
        print("");
    }

    private void targets(List<Labels.Value> values) {
        double[] sorted = values.stream()
                .mapToDouble(value -> value.targets()[0])
                .sorted()
                .toArray();
        print(
                "  targets from %.4g to %.4g, median %.4g",
                sorted[0], sorted[sorted.length - 1], sorted[sorted.length / 2]);
    }

    private void classes(List<Labels.Value> values) {
        long[] counts = new long[labels.names().size()];
        for (Labels.Value value : values) {
            for (int id : value.classes()) counts[id]++;
            for (int id = 0; id < value.targets().length; id++) counts[id] += value.targets()[id] > 0 ? 1 : 0;
        }
        long most = Math.max(1, Arrays.stream(counts).max().orElse(1));
        List<String> names = labels.names().stream().map(TerminalText::line).toList();
        int width = names.stream().mapToInt(String::length).max().orElse(1);
        for (int id = 0; id < Math.min(SHOWN_LABELS, counts.length); id++) {
            String bar = "#".repeat((int) Math.ceil((double) BAR * counts[id] / most));
            print(
                    "  %-" + width + "s  %,8d  %5.1f%%  %s",
                    names.get(id),
                    counts[id],
                    100.0 * counts[id] / values.size(),
                    bar);
        }
        if (counts.length > SHOWN_LABELS) print("  … and %d more labels", counts.length - SHOWN_LABELS);
        List<String> none = new ArrayList<>();
        for (int id = 0; id < counts.length; id++) if (counts[id] == 0) none.add(names.get(id));
        if (!none.isEmpty()) print("  warning: no row has the label %s", String.join(", ", none));
    }

    private void duplicates(Dataset data, List<Labels.Value> values) {
        Map<String, Integer> first = new HashMap<>();
        int repeated = 0;
        int contradicting = 0;
        @Nullable String example = null;
        for (int row = 0; row < data.size(); row++) {
            Integer before = first.putIfAbsent(key(data, row), row);
            if (before == null) continue;
            repeated++;
            if (Arrays.equals(values.get(before).classes(), values.get(row).classes())
                    && Arrays.equals(
                            values.get(before).targets(), values.get(row).targets())) continue;
            if (contradicting++ == 0) example = data.where(before) + " and " + data.where(row);
        }
        if (repeated == 0) print("  no text occurs twice");
        if (repeated > 0) print("  warning: %,d rows repeat the text of an earlier row", repeated);
        if (contradicting > 0) print("  warning: %,d of them have another label (first: %s)", contradicting, example);
    }

    /** Validation texts that the model will have seen in training. */
    void leakage(Dataset train, Dataset validation) {
        Set<String> seen = new HashSet<>();
        for (int row = 0; row < train.size(); row++) seen.add(key(train, row));
        int leaked = 0;
        String first = "";
        for (int row = 0; row < validation.size(); row++) {
            if (seen.contains(key(validation, row)) && leaked++ == 0) first = validation.where(row);
        }
        if (leaked == 0) {
            print("no validation text is in the training data");
        } else {
            print(
                    "warning: %,d of %,d validation texts are also in the training data (first: %s); the metrics will be"
                            + " too good",
                    leaked, validation.size(), first);
        }
        print("");
    }

    /** How long the training texts are in tokens, and what the limit cuts. */
    void lengths(int[] lengths, int maxLength) {
        int[] sorted = lengths.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        print(
                "length in tokens: median %d, 95%% %d, 99%% %d, longest %d",
                sorted[n / 2], sorted[(int) (n * 0.95)], sorted[(int) (n * 0.99)], sorted[n - 1]);
        Map<Integer, Integer> buckets = new java.util.TreeMap<>();
        for (int length : sorted) {
            int bucket = Math.max(8, length <= 1 ? 1 : Integer.highestOneBit(length - 1) << 1);
            buckets.merge(bucket, 1, Integer::sum);
        }
        int most = buckets.values().stream().max(Integer::compare).orElse(1);
        buckets.forEach((bucket, count) -> print(
                "  up to %5d  %,8d  %s", bucket, count, "#".repeat((int) Math.ceil((double) BAR * count / most))));
        long cut = Arrays.stream(sorted).filter(length -> length > maxLength).count();
        print("  %s%,d of %,d texts are longer than max_length %d", cut > 0 ? "warning: " : "", cut, n, maxLength);
    }

    /** A column as texts; an empty cell is an empty text. */
    List<String> texts(Dataset data, String column) {
        List<String> texts = new ArrayList<>(data.size());
        for (int row = 0; row < data.size(); row++) texts.add(cell(data, row, column));
        return texts;
    }

    private static String cell(Dataset data, int row, String column) {
        Object value = data.value(row, column);
        return value == null ? "" : value.toString();
    }

    /** Texts that differ in case or spaces only are the same to most models. */
    private String key(Dataset data, int row) {
        String text = cell(data, row, columns.text());
        String pair = columns.textPair() == null ? "" : "\0" + cell(data, row, columns.textPair());
        return (text + pair).toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").trim();
    }

    private void print(String format, Object... values) {
        out.println(TerminalText.line(String.format(Locale.ROOT, format, values)));
    }
}
