package dev.attune.job.doctor;

import java.util.Arrays;

/**
 * A text as the set of its pairs of neighbouring words, beginning and end counted as words. A word is a run of letters, marks and
 * digits, whatever its case; where a script has no spaces between words, each letter is one. One instance serves one thread.
 */
final class Shingles {
    private static final long BEGIN = 0x1234567;
    private static final long END = 0x7654321;

    private long[] pairs = new long[64];
    private int size;
    private long before;

    /** Takes another text. */
    Shingles read(String text) {
        size = 0;
        before = BEGIN;
        long word = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (!isInWord(c)) {
                word = endWord(word);
            } else if (standsAlone(c)) {
                word = endWord(word);
                endWord(add(0, c));
            } else {
                word = add(word, Character.toLowerCase(c));
            }
        }
        endWord(word);
        if (size > 0) endWord(END);
        return this;
    }

    /** Number of pairs; 0 for a text without words. */
    int size() {
        return size;
    }

    /** A hash of a pair. */
    long pair(int i) {
        return pairs[i];
    }

    /** The pairs as a set: sorted, each once. */
    long[] toSet() {
        long[] sorted = Arrays.copyOf(pairs, size);
        Arrays.sort(sorted);
        int kept = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) sorted[kept++] = sorted[i];
        }
        return Arrays.copyOf(sorted, kept);
    }

    /** What two sets share, as a part of all that is in them: 1 for equal sets. */
    static double jaccard(long[] a, long[] b) {
        int shared = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length; ) {
            if (a[i] == b[j]) shared++;
            if (a[i] <= b[j]) {
                if (a[i] == b[j]) j++;
                i++;
            } else {
                j++;
            }
        }
        int all = a.length + b.length - shared;
        return all == 0 ? 0 : (double) shared / all;
    }

    private long endWord(long word) {
        if (word == 0) return 0;
        if (size == pairs.length) pairs = Arrays.copyOf(pairs, 2 * size);
        pairs[size++] = TextHash.of(before, word);
        before = word;
        return 0;
    }

    private static long add(long word, int c) {
        return TextHash.end(word + c + 1);
    }

    private static boolean isInWord(int c) {
        if (c < 0x80) return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
        if (Character.isLetterOrDigit(c)) return true;
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    /** Thai and Lao, Burmese, Khmer, kana, Chinese characters. */
    private static boolean standsAlone(int c) {
        if (c < 0x0E00) return false;
        return c < 0x0F00
                || c >= 0x1000 && c < 0x10A0
                || c >= 0x1780 && c < 0x1800
                || c >= 0x3040 && c < 0x3100
                || Character.isIdeographic(c);
    }
}
