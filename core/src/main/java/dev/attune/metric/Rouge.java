package dev.attune.metric;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * ROUGE: Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004), as {@code rouge_score} 0.1.2 computes it. Of each
 * row the F1 of what prediction and reference share; of all rows the mean, 0 to 100.
 *
 * <p>{@code compute()} gives
 *
 * <ul>
 *   <li>{@code rouge1} and {@code rouge2}: words and pairs of words;
 *   <li>{@code rougeL}: the longest sequence of words that both have in order;
 *   <li>{@code rougeLsum}: the same for each sentence of the reference with all sentences of the prediction. A sentence is a
 *       line; of texts without line breaks it is {@code rougeL}.
 * </ul>
 *
 * <p>Words are made of the letters a to z and digits; all else separates words. So a text in Arabic, Chinese or Greek has no
 * words, and its ROUGE is 0 even if it is right, and "Straße" is two words. Take {@link Chrf} or {@link Bleu} there.
 *
 * <p>Hugging Face's {@code evaluate} gives the median of the means of 1,000 draws of the rows with return, which differs from run
 * to run; the mean of the rows is what they scatter about.
 */
public final class Rouge implements TextMetric {
    private final boolean useStemmer;
    private final double[] sums = new double[4];
    private long rows;

    /** @param useStemmer whether words are equal if their English stems are, as in {@code run_summarization} */
    public Rouge(boolean useStemmer) {
        this.useStemmer = useStemmer;
    }

    @Override
    public void add(String prediction, String reference) {
        var symbols = new Symbols();
        List<int[]> predicted = lines(prediction, symbols);
        List<int[]> wanted = lines(reference, symbols);
        int[] all = joined(predicted);
        int[] truth = joined(wanted);
        int[] matches = NGramMatches.of(all, List.of(truth), 2);
        for (int n = 0; n < 2; n++) {
            sums[n] += f1(matches[n], NGramMatches.count(all.length, n + 1), NGramMatches.count(truth.length, n + 1));
        }
        sums[2] += f1(CommonSubsequence.length(truth, all), all.length, truth.length);
        sums[3] += f1(unionHits(predicted, wanted, symbols.size()), all.length, truth.length);
        rows++;
    }

    private List<int[]> lines(String text, Symbols symbols) {
        List<int[]> lines = new ArrayList<>();
        for (String line : text.split("\n")) lines.add(symbols.of(RougeWords.of(line, useStemmer)));
        return lines;
    }

    private static int[] joined(List<int[]> lines) {
        return lines.stream().flatMapToInt(IntStream::of).toArray();
    }

    /**
     * Words of the reference that are on a longest common subsequence of their line with some line of the prediction. No word
     * counts more often than the prediction has it.
     */
    private static int unionHits(List<int[]> predicted, List<int[]> wanted, int words) {
        int[] left = new int[words];
        for (int[] line : predicted) for (int word : line) left[word]++;
        int hits = 0;
        for (int[] line : wanted) {
            var union = new BitSet(line.length);
            for (int[] other : predicted) CommonSubsequence.mark(line, other, union);
            for (int place : union.stream().toArray()) if (left[line[place]]-- > 0) hits++;
        }
        return hits;
    }

    private static double f1(int hits, int predicted, int wanted) {
        return hits == 0 ? 0 : 2.0 * hits / (predicted + wanted);
    }

    @Override
    public Map<String, Double> compute() {
        Rows.require(rows);
        Map<String, Double> values = new LinkedHashMap<>();
        List<String> names = List.of("rouge1", "rouge2", "rougeL", "rougeLsum");
        for (int i = 0; i < sums.length; i++) values.put(names.get(i), 100 * sums[i] / rows);
        return values;
    }
}
