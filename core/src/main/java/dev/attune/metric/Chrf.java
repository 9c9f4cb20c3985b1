package dev.attune.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * chrF of all rows together, 0 to 100: Popović, "chrF: character n-gram F-score for automatic MT evaluation" (2015), as {@code
 * sacrebleu} 2.6 computes it. The share of one to six characters in a row that are in the reference too, and of those of the
 * reference that were found, which counts twice. Blanks are not looked at. It needs no words, so it is at home in all languages.
 *
 * <p>chrF++ looks at words and at two words in a row as well: Popović, "chrF++: words helping character n-grams" (2017).
 *
 * <p>It is no mean over rows: the counts of all rows are added up. {@code compute()} gives {@code chrf}, or {@code chrf++}.
 */
public final class Chrf implements TextMetric {
    private static final int CHARACTERS = 6;
    private static final int BETA_SQUARED = 4;
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    /** For each order the n-grams of prediction and reference, and how many they share. */
    private record Counts(long[] predicted, long[] wanted, long[] shared) {
        Counts(int orders) {
            this(new long[orders], new long[orders], new long[orders]);
        }

        void add(Counts other) {
            Arrays.setAll(predicted, n -> predicted[n] + other.predicted[n]);
            Arrays.setAll(wanted, n -> wanted[n] + other.wanted[n]);
            Arrays.setAll(shared, n -> shared[n] + other.shared[n]);
        }

        /** From the means of precision and recall over the orders that both texts are long enough for. */
        double score() {
            double precision = 0;
            double recall = 0;
            int orders = 0;
            for (int n = 0; n < shared.length; n++) {
                if (predicted[n] == 0 || wanted[n] == 0) continue;
                precision += (double) shared[n] / predicted[n];
                recall += (double) shared[n] / wanted[n];
                orders++;
            }
            if (precision + recall == 0) return 0;
            return 100 * (1 + BETA_SQUARED) * precision * recall / (BETA_SQUARED * precision + recall) / orders;
        }
    }

    private final int wordOrders;
    private final Counts sums;
    private long rows;

    /** @param wordOrders 0 for chrF, 2 for chrF++ */
    private Chrf(int wordOrders) {
        this.wordOrders = wordOrders;
        this.sums = new Counts(CHARACTERS + wordOrders);
    }

    public static Chrf characters() {
        return new Chrf(0);
    }

    /** chrF++. */
    public static Chrf withWords() {
        return new Chrf(2);
    }

    @Override
    public void add(String prediction, String reference) {
        add(prediction, List.of(reference));
    }

    /**
     * Takes a row that may be written in several ways.
     *
     * @param references at least one; the one that gives the best score counts, the first of several
     */
    public void add(String prediction, List<String> references) {
        Counts best = counts(prediction, references.get(0));
        for (String reference : references.subList(1, references.size())) {
            Counts other = counts(prediction, reference);
            if (other.score() > best.score()) best = other;
        }
        sums.add(best);
        rows++;
    }

    private Counts counts(String prediction, String reference) {
        var counts = new Counts(CHARACTERS + wordOrders);
        count(counts, 0, CHARACTERS, characters(prediction), characters(reference));
        if (wordOrders > 0) {
            var symbols = new Symbols();
            count(counts, CHARACTERS, wordOrders, symbols.of(words(prediction)), symbols.of(words(reference)));
        }
        return counts;
    }

    private static void count(Counts counts, int first, int orders, int[] predicted, int[] wanted) {
        int[] shared = NGramMatches.of(predicted, List.of(wanted), orders);
        for (int n = 0; n < orders; n++) {
            counts.wanted[first + n] = NGramMatches.count(wanted.length, n + 1);
            if (counts.wanted[first + n] == 0) continue; // as sacrebleu: what cannot match does not count as wrong
            counts.predicted[first + n] = NGramMatches.count(predicted.length, n + 1);
            counts.shared[first + n] = shared[n];
        }
    }

    private static int[] characters(String text) {
        return String.join("", Words.of(text)).codePoints().toArray();
    }

    /** Punctuation of ASCII at the end of a word is a word, or else that at its start. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : Words.of(text)) {
            int last = word.length() - 1;
            int cut = last == 0 ? 0 : isPunctuation(word.charAt(last)) ? last : isPunctuation(word.charAt(0)) ? 1 : 0;
            if (cut > 0) words.add(word.substring(0, cut));
            words.add(word.substring(cut));
        }
        return words;
    }

    private static boolean isPunctuation(char c) {
        return PUNCTUATION.indexOf(c) >= 0;
    }

    @Override
    public Map<String, Double> compute() {
        Rows.require(rows);
        return Map.of(wordOrders > 0 ? "chrf++" : "chrf", sums.score());
    }
}
