package dev.attune.job.doctor;

import dev.attune.task.Findings;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Rows of one set with the same text, or nearly the same, and those of them that contradict each other. */
final class Duplicates {
    private Duplicates() {}

    static Findings of(SetScan set) {
        RepeatedTexts texts = new RepeatedTexts(set);
        BitSet repeated = new BitSet(set.size());
        long contradicting = 0;
        List<RowPair> same = new ArrayList<>();
        List<RowPair> conflicts = new ArrayList<>();
        for (int row = 0; row < set.size(); row++) {
            int before = texts.before(row);
            if (before < 0) continue;
            repeated.set(row);
            boolean conflict = set.lesson(before) != set.lesson(row);
            if (conflict) contradicting++;
            List<RowPair> kind = conflict ? conflicts : same;
            if (kind.size() < RowPair.SHOWN) kind.add(new RowPair(set, before, set, row));
        }
        int[] near = NearTexts.search(set, repeated, set, repeated);
        long nearly = 0;
        long nearConflicts = 0;
        List<RowPair> nearPairs = new ArrayList<>();
        for (int row = 0; row < near.length; row++) {
            if (near[row] < 0) continue;
            nearly++;
            if (set.lesson(near[row]) != set.lesson(row)) nearConflicts++;
            if (nearPairs.size() < RowPair.SHOWN) nearPairs.add(new RowPair(set, near[row], set, row));
        }
        int count = repeated.cardinality();
        String lesson = set.rows().lesson();
        Findings.Builder found = Findings.of("duplicates")
                .fact("repeated_rows", count)
                .fact("repeated_share", share(count, set.size()))
                .fact("repeated_texts", texts.size())
                .fact("contradicting_rows", contradicting)
                .fact("near_rows", nearly)
                .fact("near_share", share(nearly, near.length))
                .fact("near_contradicting_rows", nearConflicts)
                .fact("near_searched_rows", near.length)
                .fact("near_similarity", NearTexts.SIMILAR)
                .fact("pairs", RowPair.facts(same))
                .fact("contradicting_pairs", RowPair.facts(conflicts))
                .fact("near_pairs", RowPair.facts(nearPairs));
        if (count == 0) found.info("no text occurs twice");
        else
            found.warning("%,d rows repeat the text of an earlier row (%.1f%%)", count, 100 * share(count, set.size()));
        if (contradicting > 0) {
            RowPair first = conflicts.get(0);
            String places = set.rows().rows().where(first.firstRow()) + " and "
                    + set.rows().rows().where(first.secondRow());
            found.warning("%,d of them have another %s (first: %s)", contradicting, lesson, places);
        }
        RowPair.show(conflicts.isEmpty() ? same : conflicts, found);
        if (nearly > 0) {
            found.warning(
                    "%,d rows are nearly the text of an earlier row (%.1f%%), %,d of them with another %s",
                    nearly, 100 * share(nearly, near.length), nearConflicts, lesson);
            RowPair.show(nearPairs, found);
        } else {
            found.info("no text is nearly another one");
        }
        if (near.length < set.size())
            found.info("only the first %,d rows were searched for texts that are nearly the same", near.length);
        return found.build();
    }

    static double share(long part, long all) {
        return all == 0 ? 0 : (double) part / all;
    }
}
