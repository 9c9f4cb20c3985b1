package dev.attune.metric;

import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Several metrics of text at once, chosen by name. {@code compute()} gives theirs in the order in which they were chosen:
 *
 * <ul>
 *   <li>{@code rouge}: {@code rouge1}, {@code rouge2}, {@code rougeL} and {@code rougeLsum} of {@link Rouge} with stems;
 *   <li>{@code bleu}: {@link Bleu} with {@link BleuTokenizer#V13A};
 *   <li>{@code chrf}, {@code chrf++}: {@link Chrf};
 *   <li>{@code exact_match}: {@link ExactMatch};
 *   <li>{@code cer}, {@code wer}: {@link ErrorRate}.
 * </ul>
 *
 * <p>All are 0 to 100 and not rounded, but for the two error rates, which are shares.
 *
 * <pre>{@code
 * var metrics = TextMetrics.named(List.of("bleu", "chrf"));
 * metrics.add("the cat sat on the mat", "the cat is on the mat");
 * metrics.compute(); // {bleu=…, chrf=…}
 * }</pre>
 */
public final class TextMetrics implements TextMetric {
    /** All that can be chosen. */
    public static final List<String> NAMES = List.of("rouge", "bleu", "chrf", "chrf++", "exact_match", "cer", "wer");

    private final List<TextMetric> metrics;

    /** @param metrics with names that differ */
    public TextMetrics(List<? extends TextMetric> metrics) {
        this.metrics = List.copyOf(metrics);
    }

    /**
     * @param names of {@link #NAMES}; one that comes twice is measured once
     * @throws ConfigException if there is no such metric
     */
    public static TextMetrics named(List<String> names) {
        List<TextMetric> metrics = new ArrayList<>();
        for (String name : new LinkedHashSet<>(names)) metrics.add(metric(name));
        return new TextMetrics(metrics);
    }

    private static TextMetric metric(String name) {
        return switch (name) {
            case "rouge" -> new Rouge(true);
            case "bleu" -> new Bleu(BleuTokenizer.V13A);
            case "chrf" -> Chrf.characters();
            case "chrf++" -> Chrf.withWords();
            case "exact_match" -> new ExactMatch();
            case "cer" -> ErrorRate.characters();
            case "wer" -> ErrorRate.words();
            default ->
                throw new ConfigException("There is no metric of text \"" + name + "\"."
                        + Suggestion.didYouMean(name, NAMES) + " There are " + String.join(", ", NAMES) + ".");
        };
    }

    @Override
    public void add(String prediction, String reference) {
        for (TextMetric metric : metrics) metric.add(prediction, reference);
    }

    @Override
    public Map<String, Double> compute() {
        Map<String, Double> values = new LinkedHashMap<>();
        for (TextMetric metric : metrics) values.putAll(metric.compute());
        return values;
    }
}
