package dev.attune.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * BLEU of all rows together, 0 to 100: Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation" (2002),
 * as {@code sacrebleu} 2.6 computes it with its defaults. How many of the words, and of two, three and four in a row, are in the
 * reference, times a penalty if the predictions are shorter than the references. Sequences of which none is right count as half
 * a right one at first, then a quarter, and so on ({@code smooth_method="exp"}).
 *
 * <p>It is no mean over rows: the counts of all rows are added up. Without four words in a row in any prediction it is 0, even if
 * all are right; take {@link Chrf} for texts that short. {@code compute()} gives {@code bleu}.
 */
public final class Bleu implements TextMetric {
    private static final int ORDERS = 4;

    private final BleuTokenizer tokenizer;
    private final long[] matches = new long[ORDERS];
    private final long[] counts = new long[ORDERS];
    private long predictedLength;
    private long referenceLength;
    private long rows;

    public Bleu(BleuTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    @Override
    public void add(String prediction, String reference) {
        add(prediction, List.of(reference));
    }

    /**
     * Takes a row that may be written in several ways.
     *
     * @param references at least one; the one whose length is nearest counts for the penalty
     */
    public void add(String prediction, List<String> references) {
        var symbols = new Symbols();
        int[] predicted = words(prediction, symbols);
        List<int[]> wanted = new ArrayList<>();
        for (String reference : references) wanted.add(words(reference, symbols));
        int[] shared = NGramMatches.of(predicted, wanted, ORDERS);
        for (int n = 0; n < ORDERS; n++) {
            matches[n] += shared[n];
            counts[n] += NGramMatches.count(predicted.length, n + 1);
        }
        predictedLength += predicted.length;
        referenceLength += nearest(predicted.length, wanted);
        rows++;
    }

    private int[] words(String text, Symbols symbols) {
        return symbols.of(tokenizer.words(Words.trimmedEnd(text)));
    }

    /** Of two lengths as near, the shorter. */
    private static int nearest(int length, List<int[]> references) {
        int nearest = references.get(0).length;
        for (int[] each : references) {
            int gain = Math.abs(nearest - length) - Math.abs(each.length - length);
            if (gain > 0 || gain == 0 && each.length < nearest) nearest = each.length;
        }
        return nearest;
    }

    @Override
    public Map<String, Double> compute() {
        Rows.require(rows);
        return Map.of("bleu", score());
    }

    private double score() {
        // Two of one word match only where both match, so the first tells whether anything does.
        if (matches[0] == 0 || counts[ORDERS - 1] == 0) return 0;
        double logs = 0;
        double missed = 1;
        for (int n = 0; n < ORDERS; n++) {
            if (matches[n] == 0) missed *= 2;
            double right = matches[n] == 0 ? 1 / missed : matches[n];
            logs += Math.log(100 * right / counts[n]);
        }
        double penalty = predictedLength < referenceLength ? 1 - (double) referenceLength / predictedLength : 0;
        return Math.exp(penalty + logs / ORDERS);
    }
}
