package dev.attune.job.doctor;

import dev.attune.task.CheckedRows;
import dev.attune.task.Finding.Level;
import dev.attune.task.Findings;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What of texts becomes the unknown token, of which a model learns nothing. Several threads may add rows. */
final class UnknownTokens {
    /** Beyond this share the tokenizer is one of another language, or the texts are damaged. */
    private static final double MANY = 0.01;

    private static final int SHOWN = 10;
    /** Different pieces that are counted; the frequent ones are among the first. */
    private static final int KEPT = 50_000;

    private static final int LONGEST_PIECE = 40;

    private final Tokenizer tokenizer;
    private final OptionalInt unknown;
    private final LongAdder tokens = new LongAdder();
    private final LongAdder unknownTokens = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder affected = new LongAdder();
    private final Map<String, LongAdder> pieces = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> characters = new ConcurrentHashMap<>();

    UnknownTokens(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.unknown = tokenizer.unkTokenId();
    }

    void add(CheckedRows checked, int row, Encoding encoding) {
        rows.increment();
        int real = 0;
        int found = 0;
        for (int i = 0; i < encoding.length(); i++) {
            if (encoding.sequenceIds()[i] < 0) continue;
            real++;
            if (unknown.isEmpty() || encoding.ids()[i] != unknown.getAsInt()) continue;
            found++;
            count(checked.source(row, encoding, i));
        }
        tokens.add(real);
        unknownTokens.add(found);
        if (found > 0) affected.increment();
    }

    private void count(String piece) {
        count(pieces, Shortened.of(piece, LONGEST_PIECE));
        piece.codePoints().filter(c -> !isKnown(c)).forEach(c -> count(characters, Character.toString(c)));
    }

    private static void count(Map<String, LongAdder> counts, String what) {
        LongAdder counter = counts.get(what);
        if (counter == null && counts.size() < KEPT) counter = counts.computeIfAbsent(what, w -> new LongAdder());
        if (counter != null) counter.increment();
    }

    /** Whether the vocabulary has the character in some form. */
    private boolean isKnown(int c) {
        String own = Character.toString(c);
        String lower = own.toLowerCase(Locale.ROOT);
        return tokenizer.tokenId(own).isPresent()
                || tokenizer.tokenId(lower).isPresent()
                || tokenizer.tokenId(tokenizer.subwordPrefix() + lower).isPresent();
    }

    Findings findings() {
        double share = Duplicates.share(unknownTokens.sum(), tokens.sum());
        Findings.Builder found = Findings.of("unknown_tokens")
                .fact("has_unknown_token", unknown.isPresent())
                .fact("tokens", tokens.sum())
                .fact("unknown", unknownTokens.sum())
                .fact("share", share)
                .fact("rows", affected.sum())
                .fact("row_share", Duplicates.share(affected.sum(), rows.sum()))
                .fact("pieces", facts(pieces))
                .fact("characters", facts(characters));
        if (unknown.isEmpty())
            return found.info("the tokenizer has a token for everything").build();
        if (unknownTokens.sum() == 0) return found.info("no token is unknown").build();
        found.line(
                share > MANY ? Level.WARNING : Level.INFO,
                "%,d of %,d tokens are unknown (%.2f%%), in %.1f%% of the rows",
                unknownTokens.sum(),
                tokens.sum(),
                100 * share,
                100 * Duplicates.share(affected.sum(), rows.sum()));
        found.info("  most often: %s", listed(pieces));
        boolean others = !characters.isEmpty() && !listed(characters).equals(listed(pieces));
        if (others) found.info("  characters without a token: %s", listed(characters));
        return found.build();
    }

    private static List<Map<String, Object>> facts(Map<String, LongAdder> counts) {
        return top(counts).stream()
                .map(entry -> {
                    Map<String, Object> fact = new LinkedHashMap<>();
                    fact.put("text", entry.getKey());
                    fact.put("count", entry.getValue().sum());
                    return fact;
                })
                .toList();
    }

    private static String listed(Map<String, LongAdder> counts) {
        return String.join(
                ", ",
                top(counts).stream()
                        .map(entry -> String.format(
                                Locale.ROOT,
                                "%s (%,d)",
                                entry.getKey(),
                                entry.getValue().sum()))
                        .toList());
    }

    /** The most frequent, whatever the order in which threads found them. */
    private static List<Map.Entry<String, LongAdder>> top(Map<String, LongAdder> counts) {
        Comparator<Map.Entry<String, LongAdder>> order =
                Comparator.comparingLong(entry -> -entry.getValue().sum());
        return counts.entrySet().stream()
                .sorted(order.thenComparing(Map.Entry::getKey))
                .limit(SHOWN)
                .toList();
    }
}
