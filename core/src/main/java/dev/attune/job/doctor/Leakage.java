package dev.attune.job.doctor;

import static dev.attune.job.doctor.Duplicates.share;

import dev.attune.task.Findings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Rows of an evaluation that the model was trained on, or chosen by, or nearly so: its numbers would be too good.
 */
public final class Leakage {
    private final SetScan train;
    private final SetScan set;
    private final BitSet exact;
    private final List<RowPair> pairs = new ArrayList<>();
    private long conflicts;

    private Leakage(SetScan train, SetScan set) {
        this.train = train;
        this.set = set;
        long[] known = RepeatedTexts.sorted(train);
        exact = set.where(row -> set.isUsable(row) && Arrays.binarySearch(known, set.text(row)) >= 0);
        findPairs();
    }

    /**
     * @param train what the model has seen before: the training data, or validation data that choose it
     * @param set what the model is evaluated on
     */
    public static Findings of(SetScan train, SetScan set) {
        return new Leakage(train, set).findings();
    }

    /** For each leaked text the first training row that has it. */
    private void findPairs() {
        long[] leaked = exact.stream().mapToLong(set::text).sorted().distinct().toArray();
        int[] first = new int[leaked.length];
        Arrays.fill(first, -1);
        for (int row = 0; row < train.size() && leaked.length > 0; row++) {
            int at = Arrays.binarySearch(leaked, train.text(row));
            if (at >= 0 && first[at] < 0) first[at] = row;
        }
        exact.stream().forEach(row -> {
            int trained = first[Arrays.binarySearch(leaked, set.text(row))];
            if (train.lesson(trained) != set.lesson(row)) conflicts++;
            if (pairs.size() < RowPair.SHOWN) pairs.add(new RowPair(train, trained, set, row));
        });
    }

    private Findings findings() {
        BitSet none = new BitSet();
        int[] near = NearTexts.search(train, none, set, exact);
        long nearly = Arrays.stream(near).filter(row -> row >= 0).count();
        List<RowPair> nearPairs = IntStream.range(0, near.length)
                .filter(row -> near[row] >= 0)
                .limit(RowPair.SHOWN)
                .mapToObj(row -> new RowPair(train, near[row], set, row))
                .toList();
        Map<String, Long> columns = sharedColumns();
        Findings.Builder found = Findings.of("leakage")
                .fact("set", set.role())
                .fact("rows", set.size())
                .fact("exact_rows", exact.cardinality())
                .fact("exact_share", share(exact.cardinality(), set.size()))
                .fact("exact_contradicting_rows", conflicts)
                .fact("near_rows", nearly)
                .fact("near_share", share(nearly, near.length))
                .fact("near_searched_rows", near.length)
                .fact("near_searched_train_rows", train.nearRows())
                .fact("near_similarity", NearTexts.SIMILAR)
                .fact("shared_columns", columns)
                .fact("pairs", RowPair.facts(pairs))
                .fact("near_pairs", RowPair.facts(nearPairs));
        exactLines(found);
        nearLines(nearly, nearPairs, found);
        columns.forEach((column, rows) -> {
            if (rows > 0) found.info("%,d rows share their %s with %s rows", rows, column, seen());
        });
        return found.build();
    }

    private void exactLines(Findings.Builder found) {
        if (exact.isEmpty()) {
            found.info("no %s text is in the %s data", set.role(), seen());
            return;
        }
        found.warning(
                "%,d of %,d %s texts are also in the %s data (first: %s); the metrics will be too good",
                exact.cardinality(),
                set.size(),
                set.role(),
                seen(),
                pairs.get(0).secondPlace());
        if (conflicts > 0)
            found.warning(
                    "%,d of them have another %s there", conflicts, set.rows().lesson());
        RowPair.show(pairs, found);
    }

    private void nearLines(long nearly, List<RowPair> nearPairs, Findings.Builder found) {
        if (nearly == 0) {
            found.info("no %s text is nearly one of the %s data", set.role(), seen());
        } else {
            double percent = 100 * share(nearly, set.nearRows());
            found.warning(
                    "%,d further %s texts are nearly those of %s rows (%.1f%%)", nearly, set.role(), seen(), percent);
            RowPair.show(nearPairs, found);
        }
        if (train.nearRows() == train.size() && set.nearRows() == set.size()) return;
        found.info(
                "only the first %,d %s rows and the first %,d of %s were searched for texts that are nearly the same",
                train.nearRows(), seen(), set.nearRows(), set.role());
    }

    /** What sentences call the rows that the model has seen. */
    private String seen() {
        return train.role().equals("train") ? "training" : train.role();
    }

    /** Rows with one of two texts in the training data: a context that was trained on makes other questions easy, too. */
    private Map<String, Long> sharedColumns() {
        Map<String, Long> shared = new LinkedHashMap<>();
        List<String> names = set.rows().columns();
        for (int column = 0; names.size() > 1 && column < names.size(); column++) {
            int one = column;
            long[] known = new long[train.size()];
            Arrays.setAll(known, row -> train.text(row, one));
            Arrays.parallelSort(known);
            long rows = 0;
            for (int row = 0; row < set.size(); row++) {
                long hash = set.text(row, column);
                if (hash != 0 && Arrays.binarySearch(known, hash) >= 0) rows++;
            }
            shared.put(names.get(column), rows);
        }
        return shared;
    }
}
