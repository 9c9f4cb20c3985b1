package dev.attune.job.doctor;

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.Example;
import dev.attune.task.CheckedRows;
import dev.attune.task.Findings;
import dev.attune.task.LabelFindings;
import dev.attune.task.Learned;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of a test: texts, or pairs of them, and a label in the last place. */
record PlainRows(Dataset rows, List<String> columns, List<String> labels) implements CheckedRows {
    /** @param rows each {@code text, label} or {@code text, text, label} */
    static PlainRows of(List<String[]> rows) {
        List<Map<String, @Nullable String>> maps = new ArrayList<>();
        int texts = rows.get(0).length - 1;
        for (String[] row : rows) {
            Map<String, @Nullable String> map = new LinkedHashMap<>();
            for (int i = 0; i < texts; i++) map.put("text" + i, row[i]);
            map.put("label", row[texts]);
            maps.add(map);
        }
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < texts; i++) columns.add("text" + i);
        return new PlainRows(
                Datasets.of("test", maps),
                columns,
                rows.stream().map(row -> row[texts]).distinct().sorted().toList());
    }

    static SetScan scan(String role, List<String[]> rows) {
        return SetScan.of(role, of(rows));
    }

    @Override
    public @Nullable String text(int row, int column) {
        return (String) rows.value(row, columns.get(column));
    }

    @Override
    public Learned learned(int row) {
        String label = String.valueOf(rows.value(row, "label"));
        return new Learned(label, new int[] {labels.indexOf(label)});
    }

    @Override
    public List<Findings> more(long[] counts) {
        return List.of(LabelFindings.of(labels, counts, rows.size(), "rows"));
    }

    @Override
    public String lesson(Example example, Tokenizer tokenizer) {
        return "";
    }
}
