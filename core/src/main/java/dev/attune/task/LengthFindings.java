package dev.attune.task;

import dev.attune.task.Finding.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How long texts are in tokens, and what the limit cuts. */
public final class LengthFindings {
    private static final int BAR = 30;

    private LengthFindings() {}

    /** @param lengths tokens of each text before anything is cut; at least one */
    public static List<Finding> of(int[] lengths, int maxLength) {
        List<Finding> findings = new ArrayList<>();
        int[] sorted = lengths.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        findings.add(info(
                "length in tokens: median %d, 95%% %d, 99%% %d, longest %d",
                sorted[n / 2], sorted[(int) (n * 0.95)], sorted[(int) (n * 0.99)], sorted[n - 1]));
        Map<Integer, Integer> buckets = new TreeMap<>();
        for (int length : sorted) {
            int bucket = Math.max(8, length <= 1 ? 1 : Integer.highestOneBit(length - 1) << 1);
            buckets.merge(bucket, 1, Integer::sum);
        }
        int most = buckets.values().stream().max(Integer::compare).orElse(1);
        buckets.forEach(
                (bucket, count) -> findings.add(info("  up to %5d  %,8d  %s", bucket, count, bar(count, most))));
        long cut = Arrays.stream(sorted).filter(length -> length > maxLength).count();
        String text = String.format(Locale.ROOT, "%,d of %,d texts are longer than max_length %d", cut, n, maxLength);
        findings.add(new Finding(cut > 0 ? Level.WARNING : Level.INFO, text));
        return findings;
    }

    /** A bar of a histogram. */
    public static String bar(long count, long most) {
        return "#".repeat((int) Math.ceil((double) BAR * count / most));
    }

    private static Finding info(String format, Object... values) {
        return new Finding(Level.INFO, String.format(Locale.ROOT, format, values));
    }
}
