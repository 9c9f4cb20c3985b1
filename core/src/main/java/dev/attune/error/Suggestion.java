package dev.attune.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the nearest valid name, by edit distance with transpositions. */
public final class Suggestion {
    private Suggestion() {}

    /** The name nearest to {@code typed}, if one is near enough to be what was meant. */
    public static Optional<String> nearest(String typed, Collection<String> valid) {
        return nearest(typed, valid, Math.max(1, typed.length() / 3));
    }

    private static Optional<String> nearest(String typed, Collection<String> valid, int limit) {
        String wanted = fold(typed);
        return valid.stream()
                // No nearer than the lengths are; and the distance of a very long text takes long.
                .filter(name -> Math.abs(wanted.length() - name.length()) <= limit)
                .filter(name -> distance(wanted, fold(name)) <= limit)
                .min(Comparator.comparingInt((String name) -> distance(wanted, fold(name)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@code " Did you mean \"x\"?"}, or the empty string. Append it to a sentence. */
    public static String didYouMean(String typed, Collection<String> valid) {
        return question(nearest(typed, valid));
    }

    /** The same for names that are long and alike: no more than {@code edits} letters may differ. */
    public static String didYouMean(String typed, Collection<String> valid, int edits) {
        return question(nearest(typed, valid, edits));
    }

    private static String question(Optional<String> meant) {
        return meant.map(name -> " Did you mean \"" + name + "\"?").orElse("");
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /** Optimal string alignment distance: insert, delete, replace, or swap two neighbours. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) d[i][0] = i;
        for (int j = 0; j <= b.length(); j++) d[0][j] = j;
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
