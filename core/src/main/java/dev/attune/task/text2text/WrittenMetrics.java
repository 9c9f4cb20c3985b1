package dev.attune.task.text2text;

import dev.attune.config.Contradictions;
import dev.attune.error.Suggestion;
import dev.attune.metric.TextMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares texts that were written with those that are wanted. */
final class WrittenMetrics {
    private static final List<String> USUAL = List.of("rouge", "bleu", "chrf", "exact_match");

    private final TextMetrics metrics;
    private long tokens;
    private long texts;

    /** @param names empty for the usual ones */
    WrittenMetrics(List<String> names) {
        metrics = TextMetrics.named(names.isEmpty() ? USUAL : names);
    }

    static void check(List<String> names, Contradictions wrong) {
        for (String name : names) {
            if (TextMetrics.NAMES.contains(name)) continue;
            wrong.add(
                    "text_metrics has \"" + name + "\"." + Suggestion.didYouMean(name, TextMetrics.NAMES)
                            + " There are " + String.join(", ", TextMetrics.NAMES) + ".",
                    "text_metrics");
        }
    }

    /** @param length tokens that were written */
    void add(String written, String wanted, int length) {
        metrics.add(written.strip(), wanted.strip());
        tokens += length;
        texts++;
    }

    /** By their Hugging Face names; {@code gen_len} is the mean number of tokens that were written. */
    Map<String, Double> results() {
        if (texts == 0) return Map.of();
        Map<String, Double> results = new LinkedHashMap<>(metrics.compute());
        results.put("gen_len", (double) tokens / texts);
        return results;
    }
}
