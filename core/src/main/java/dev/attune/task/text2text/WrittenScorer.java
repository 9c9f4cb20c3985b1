package dev.attune.task.text2text;

import dev.attune.data.Dataset;
import dev.attune.task.FineTuned;
import dev.attune.task.Pipeline;
import java.util.List;
import java.util.Map;

/** Compares answers with the texts of a column. */
final class WrittenScorer implements Pipeline.Scorer<TextsAbout> {
    private final Dataset data;
    private final String target;
    private final WrittenMetrics metrics;
    private long rows;
    private long compared;

    WrittenScorer(Dataset data, String target, FineTuned model) {
        this.data = data;
        this.target = target;
        this.metrics = new WrittenMetrics(
                model.settings().get("text_metrics") instanceof List<?> names
                        ? names.stream().map(String::valueOf).toList()
                        : List.of());
    }

    @Override
    public void add(TextsAbout answer, int row) {
        rows++;
        String wanted = PairColumns.text(data, row, target);
        if (wanted == null || wanted.isBlank()) return;
        compared++;
        metrics.add(answer.text(), wanted, answer.length());
    }

    @Override
    public Map<String, Double> results() {
        return metrics.results();
    }

    @Override
    public List<String> notes() {
        if (compared == rows) return List.of();
        return List.of(
                "The metrics are of the " + compared + " of " + rows + " rows that have a text in \"" + target + "\".");
    }
}
