package dev.attune.job.doctor;

import dev.attune.task.CheckedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is counted in some rows; the parts of a set are put together in the order of the rows. */
final class Tally {
    /** Rows that are told one by one. */
    private static final int SHOWN = 3;

    private static final StrangeText[] KINDS = StrangeText.values();

    /** What is known of rows of one kind. */
    static final class Rows {
        private long count;
        private int first = -1;

        private void add(int row) {
            if (count++ == 0) first = row;
        }

        private void add(Rows later) {
            if (count == 0) first = later.first;
            count += later.count;
        }

        long count() {
            return count;
        }

        /** The first of them; -1 if there is none. */
        int first() {
            return first;
        }
    }

    private final long[] labels;
    private final Rows[] strange = new Rows[KINDS.length];
    private final Rows empty = new Rows();
    private final Rows refused = new Rows();
    private final List<String> reasons = new ArrayList<>();
    private final Rows unlabelled = new Rows();
    private int row;

    Tally(int labels) {
        this.labels = new long[labels];
        Arrays.setAll(strange, i -> new Rows());
    }

    static Tally of(CheckedRows rows, List<Tally> parts) {
        Tally all = new Tally(rows.labels().size());
        for (Tally part : parts) all.add(part);
        return all;
    }

    private void add(Tally later) {
        for (int i = 0; i < labels.length; i++) labels[i] += later.labels[i];
        for (int i = 0; i < strange.length; i++) strange[i].add(later.strange[i]);
        empty.add(later.empty);
        refused.add(later.refused);
        unlabelled.add(later.unlabelled);
        for (String reason : later.reasons) if (reasons.size() < SHOWN) reasons.add(reason);
    }

    /** Takes the next row, with what is strange about it. */
    void strange(int next, int kinds) {
        row = next;
        if (kinds == 0) return;
        for (int i = 0; i < KINDS.length; i++) if (KINDS[i].isIn(kinds)) strange[i].add(row);
    }

    void empty(int next) {
        empty.add(next);
    }

    void refused(int next, String reason) {
        refused.add(next);
        if (reasons.size() < SHOWN) reasons.add(reason);
    }

    /** The labels of the row that was taken last. */
    void learned(int[] ids) {
        for (int id : ids) labels[id]++;
        if (ids.length == 0) unlabelled.add(row);
    }

    /** How often each label occurs. */
    long[] labels() {
        return labels;
    }

    Rows strange(StrangeText kind) {
        return strange[kind.ordinal()];
    }

    /** Rows that lack a text. */
    Rows empty() {
        return empty;
    }

    /** Rows that a training refuses for another reason. */
    Rows refused() {
        return refused;
    }

    /** The reasons of the first of these. */
    List<String> reasons() {
        return reasons;
    }

    /** Rows with none of the labels. */
    Rows unlabelled() {
        return unlabelled;
    }
}
