package dev.attune.job.doctor;

import dev.attune.task.Findings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Texts that are empty or strange, and rows that a training would refuse. */
final class Texts {
    private Texts() {}

    static Findings of(SetScan set) {
        Tally tally = set.tally();
        Map<String, @Nullable Object> strange = new LinkedHashMap<>();
        for (StrangeText kind : StrangeText.values()) strange.put(kind.key(), fact(set, tally.strange(kind)));
        Findings.Builder found = Findings.of("texts")
                .fact("strange", strange)
                .fact("without_text", fact(set, tally.empty()))
                .fact("refused", fact(set, tally.refused()))
                .fact("refused_reasons", tally.reasons())
                .fact("without_label", fact(set, tally.unlabelled()));
        empty(set, found);
        for (StrangeText kind : StrangeText.values()) {
            if (kind == StrangeText.EMPTY || kind == StrangeText.ONLY_SPACES) continue;
            Tally.Rows rows = tally.strange(kind);
            if (rows.count() == 0) continue;
            found.warning("%,d rows %s (first: %s)", rows.count(), kind.what(), where(set, rows));
        }
        if (tally.unlabelled().count() > 0) {
            found.info(
                    "%,d rows have none of the labels (first: %s)",
                    tally.unlabelled().count(), where(set, tally.unlabelled()));
        }
        if (tally.refused().count() > 0) {
            found.error(
                    "%,d rows cannot be used, and a training would stop at the first:",
                    tally.refused().count());
            tally.reasons().forEach(reason -> found.info("  %s", reason));
        }
        return found.build();
    }

    private static void empty(SetScan set, Findings.Builder found) {
        Tally.Rows rows = set.tally().empty();
        if (rows.count() == 0) return;
        if (!set.rows().leavesOutEmpty()) {
            found.error(
                    "%,d rows have no text (first: %s), and a training would stop there. Give them texts, or remove them",
                    rows.count(), where(set, rows));
        } else if (rows.count() == set.size()) {
            found.error("all texts are empty");
        } else {
            found.info("%,d texts are empty and will be left out", rows.count());
        }
    }

    private static Map<String, @Nullable Object> fact(SetScan set, Tally.Rows rows) {
        Map<String, @Nullable Object> fact = new LinkedHashMap<>();
        fact.put("rows", rows.count());
        fact.put("first", rows.count() == 0 ? null : where(set, rows));
        return fact;
    }

    private static String where(SetScan set, Tally.Rows rows) {
        return set.rows().rows().where(rows.first());
    }
}
