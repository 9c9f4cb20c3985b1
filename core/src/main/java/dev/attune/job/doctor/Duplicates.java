package dev.attune.job.doctor;

import dev.attune.task.Findings;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Rows of one set with the same text, or nearly the same, and those of them that contradict each other. */
final class Duplicates {
    private final SetScan set;
    private final String lesson;
    private final BitSet repeated;
    private final List<RowPair> pairs = new ArrayList<>();
    private final List<RowPair> conflictPairs = new ArrayList<>();
    private final List<RowPair> nearPairs = new ArrayList<>();
    private int repeatedTexts;
    private long conflicts;
    private long near;
    private long nearConflicts;

    private Duplicates(SetScan set) {
        this.set = set;
        this.lesson = set.rows().lesson();
        this.repeated = new BitSet(set.size());
        findRepeated();
        findNear();
    }

    static Findings of(SetScan set) {
        return new Duplicates(set).findings();
    }

    private void findRepeated() {
        RepeatedTexts texts = new RepeatedTexts(set);
        repeatedTexts = texts.size();
        for (int row = 0; row < set.size(); row++) {
            int before = texts.before(row);
            if (before < 0) continue;
            repeated.set(row);
            boolean conflict = contradict(before, row);
            if (conflict) conflicts++;
            keep(conflict ? conflictPairs : pairs, before, row);
        }
    }

    private void findNear() {
        int[] found = NearTexts.search(set, repeated, set, repeated);
        for (int row = 0; row < found.length; row++) {
            if (found[row] < 0) continue;
            near++;
            if (contradict(found[row], row)) nearConflicts++;
            keep(nearPairs, found[row], row);
        }
    }

    private boolean contradict(int before, int row) {
        return set.lesson(before) != set.lesson(row);
    }

    private void keep(List<RowPair> kept, int before, int row) {
        if (kept.size() < RowPair.SHOWN) kept.add(new RowPair(set, before, set, row));
    }

    private Findings findings() {
        Findings.Builder found = Findings.of("duplicates")
                .fact("repeated_rows", repeated.cardinality())
                .fact("repeated_share", share(repeated.cardinality(), set.size()))
                .fact("repeated_texts", repeatedTexts)
                .fact("contradicting_rows", conflicts)
                .fact("near_rows", near)
                .fact("near_share", share(near, set.nearRows()))
                .fact("near_contradicting_rows", nearConflicts)
                .fact("near_searched_rows", set.nearRows())
                .fact("near_similarity", NearTexts.SIMILAR)
                .fact("pairs", RowPair.facts(pairs))
                .fact("contradicting_pairs", RowPair.facts(conflictPairs))
                .fact("near_pairs", RowPair.facts(nearPairs));
        repeatedLines(found);
        nearLines(found);
        return found.build();
    }

    private void repeatedLines(Findings.Builder found) {
        int count = repeated.cardinality();
        if (count == 0) {
            found.info("no text occurs twice");
            return;
        }
        found.warning("%,d rows repeat the text of an earlier row (%.1f%%)", count, 100 * share(count, set.size()));
        if (conflicts > 0) {
            String first = conflictPairs.get(0).firstPlace();
            String second = conflictPairs.get(0).secondPlace();
            found.warning("%,d of them have another %s (first: %s and %s)", conflicts, lesson, first, second);
        }
        RowPair.show(conflictPairs.isEmpty() ? pairs : conflictPairs, found);
    }

    private void nearLines(Findings.Builder found) {
        if (near == 0) {
            found.info("no text is nearly another one");
        } else {
            double percent = 100 * share(near, set.nearRows());
            found.warning("%,d rows are nearly the text of an earlier row (%.1f%%)", near, percent);
            if (nearConflicts > 0) found.info("  %,d of them have another %s", nearConflicts, lesson);
            RowPair.show(nearPairs, found);
        }
        if (set.nearRows() < set.size()) {
            found.info("only the first %,d rows were searched for texts that are nearly the same", set.nearRows());
        }
    }

    /** A part of all; of nothing it is 0. */
    static double share(long part, long all) {
        return all == 0 ? 0 : (double) part / all;
    }
}
