package dev.attune.metric;

import java.util.BitSet;

/** The longest sequence of words that two texts share in order, with gaps. */
final class CommonSubsequence {
    private CommonSubsequence() {}

    /** Its length. Time is the product of both lengths, memory the length of {@code b}. */
    static int length(int[] a, int[] b) {
        int[] row = new int[b.length + 1];
        for (int word : a) {
            int diagonal = 0;
            for (int j = 1; j <= b.length; j++) {
                int above = row[j];
                row[j] = word == b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]);
                diagonal = above;
            }
        }
        return row[b.length];
    }

    /**
     * Marks the places of {@code a} that belong to it. Of several longest ones it is that of {@code rouge_score}: read from the
     * ends, equal words are taken, and else the word of {@code a} is left out unless leaving out that of {@code b} is better.
     * Memory is a bit for each pair of words.
     */
    static void mark(int[] a, int[] b, BitSet marked) {
        BitSet[] better = new BitSet[a.length]; // [i] those j where leaving out b's word is better
        int[] row = new int[b.length + 1];
        for (int i = 0; i < a.length; i++) {
            better[i] = new BitSet(b.length);
            int diagonal = 0;
            for (int j = 1; j <= b.length; j++) {
                int above = row[j];
                if (row[j - 1] > above) better[i].set(j - 1);
                row[j] = a[i] == b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]);
                diagonal = above;
            }
        }
        int i = a.length - 1;
        int j = b.length - 1;
        while (i >= 0 && j >= 0) {
            if (a[i] == b[j]) {
                marked.set(i--);
                j--;
            } else if (better[i].get(j)) {
                j--;
            } else {
                i--;
            }
        }
    }
}
