package dev.attune.job.doctor;

import dev.attune.task.Finding.Level;
import dev.attune.task.Findings;
import dev.attune.task.TextBar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How long texts are in tokens, and what the limit cuts. */
final class Lengths {
    private Lengths() {}

    /**
     * @param lengths tokens of each text before anything is cut; at least one
     * @param cuts whether what is longer than {@code maxLength} is lost
     * @param of rows of which these are a sample; 0 if they are all
     */
    static Findings of(int[] lengths, int maxLength, boolean cuts, int of) {
        int[] sorted = lengths.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        long tokens = Arrays.stream(sorted).asLongStream().sum();
        long beyond = Arrays.stream(sorted).filter(length -> length > maxLength).count();
        long lost = Arrays.stream(sorted)
                .mapToLong(length -> Math.max(0, length - maxLength))
                .sum();
        Map<Integer, Integer> buckets = buckets(sorted);
        Findings.Builder found = Findings.of("lengths")
                .fact("rows", n)
                .fact("sampled", of > 0)
                .fact("max_length", maxLength)
                .fact("mean", (double) tokens / n)
                .fact("median", sorted[n / 2])
                .fact("percentile_95", sorted[(int) (n * 0.95)])
                .fact("percentile_99", sorted[(int) (n * 0.99)])
                .fact("longest", sorted[n - 1])
                .fact("longer_rows", beyond)
                .fact("longer_share", Duplicates.share(beyond, n))
                .fact("longer_are_cut", cuts)
                .fact("lost_token_share", cuts ? Duplicates.share(lost, tokens) : 0.0)
                .fact("histogram", facts(buckets));
        if (of > 0) found.info("tokens are those of a sample of %,d of %,d rows", n, of);
        found.info(
                "length in tokens: median %d, 95%% %d, 99%% %d, longest %d",
                sorted[n / 2], sorted[(int) (n * 0.95)], sorted[(int) (n * 0.99)], sorted[n - 1]);
        int most = buckets.values().stream().max(Integer::compare).orElse(1);
        buckets.forEach((bucket, count) -> found.info("  up to %5d  %,8d  %s", bucket, count, TextBar.of(count, most)));
        found.line(
                beyond > 0 && cuts ? Level.WARNING : Level.INFO,
                "%,d of %,d texts are longer than max_length %d%s",
                beyond,
                n,
                maxLength,
                beyond == 0 ? "" : tail(cuts, Duplicates.share(beyond, n), Duplicates.share(lost, tokens)));
        return found.build();
    }

    private static String tail(boolean cuts, double share, double lost) {
        return cuts
                ? String.format(Locale.ROOT, " (%.1f%%) and will be cut: %.1f%% of all tokens", 100 * share, 100 * lost)
                : String.format(Locale.ROOT, " (%.1f%%) and become several examples", 100 * share);
    }

    /** By the next power of two, from 8 on. */
    private static Map<Integer, Integer> buckets(int[] sorted) {
        Map<Integer, Integer> buckets = new TreeMap<>();
        for (int length : sorted) {
            int bucket = Math.max(8, length <= 1 ? 1 : Integer.highestOneBit(length - 1) << 1);
            buckets.merge(bucket, 1, Integer::sum);
        }
        return buckets;
    }

    private static List<Map<String, Object>> facts(Map<Integer, Integer> buckets) {
        List<Map<String, Object>> facts = new ArrayList<>();
        buckets.forEach((bucket, count) -> {
            Map<String, Object> fact = new LinkedHashMap<>();
            fact.put("up_to", bucket);
            fact.put("count", count);
            facts.add(fact);
        });
        return facts;
    }
}
