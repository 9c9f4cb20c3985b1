package dev.attune.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many n-grams two sequences share, for all orders at once. An n-gram is known by a small number, given to the pair of the
 * n-gram without its end and the end, so that no n-gram is ever written out.
 */
final class NGramMatches {
    private final long[] pairs;
    private final int[] names;
    private final int shift;
    private int known;

    private NGramMatches(int most) {
        int bits = 33 - Integer.numberOfLeadingZeros(Math.max(1, most)); // at least as many empty places as full ones
        pairs = new long[1 << bits];
        names = new int[1 << bits];
        shift = 64 - bits;
    }

    /**
     * N-grams of the prediction that a reference has, too. One that comes several times counts as often as the reference that
     * has it most often has it.
     *
     * @param prediction symbols, such as words by number or characters; none is negative
     * @return (orders) matches of n-grams of 1 to {@code orders} symbols
     */
    static int[] of(int[] prediction, List<int[]> references, int orders) {
        List<int[]> texts = new ArrayList<>(references);
        texts.add(prediction);
        int[][] grams = new int[texts.size()][];
        for (int t = 0; t < grams.length; t++) grams[t] = new int[texts.get(t).length];
        var table =
                new NGramMatches(texts.stream().mapToInt(text -> text.length).sum());
        int[] matches = new int[orders];
        for (int n = 0; n < orders; n++) {
            table.forget();
            for (int t = 0; t < grams.length; t++) table.extend(grams[t], texts.get(t), n);
            matches[n] = table.shared(grams, n);
        }
        return matches;
    }

    /** N-grams of n symbols in a text of a length. */
    static int count(int length, int n) {
        return Math.max(0, length - n + 1);
    }

    private void forget() {
        Arrays.fill(names, 0);
        known = 0;
    }

    /** Makes the n-gram that starts at each place one symbol longer. */
    private void extend(int[] grams, int[] text, int n) {
        for (int i = 0; i + n < text.length; i++) grams[i] = name((long) grams[i] << 32 | text[i + n]);
    }

    private int name(long pair) {
        int place = (int) (pair * 0x9E3779B97F4A7C15L >>> shift);
        while (names[place] != 0 && pairs[place] != pair) place = place + 1 & names.length - 1;
        if (names[place] == 0) {
            pairs[place] = pair;
            names[place] = ++known;
        }
        return names[place];
    }

    private int shared(int[][] grams, int n) {
        int[] most = new int[known + 1];
        for (int t = 0; t < grams.length - 1; t++) {
            int[] counts = counts(grams[t], n);
            for (int k = 0; k <= known; k++) most[k] = Math.max(most[k], counts[k]);
        }
        int[] predicted = counts(grams[grams.length - 1], n);
        int shared = 0;
        for (int k = 0; k <= known; k++) shared += Math.min(predicted[k], most[k]);
        return shared;
    }

    private int[] counts(int[] grams, int n) {
        int[] counts = new int[known + 1];
        for (int i = 0; i + n < grams.length; i++) counts[grams[i]]++;
        return counts;
    }
}
