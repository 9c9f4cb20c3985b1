package dev.attune.metric;

import java.util.Map;

/**
 * How many predictions are the reference, letter by letter but for blanks at both ends: 0 to 100, as question answering has its
 * {@code exact_match}. Nothing else is forgiven, neither case nor punctuation. Hugging Face's metric of this name gives a share
 * instead, and forgives no blanks.
 */
public final class ExactMatch implements TextMetric {
    private long right;
    private long rows;

    @Override
    public void add(String prediction, String reference) {
        if (Words.trimmed(prediction).equals(Words.trimmed(reference))) right++;
        rows++;
    }

    @Override
    public Map<String, Double> compute() {
        Rows.require(rows);
        return Map.of("exact_match", 100.0 * right / rows);
    }
}
