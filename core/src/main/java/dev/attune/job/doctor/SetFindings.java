package dev.attune.job.doctor;

import dev.attune.task.Findings;
import java.util.ArrayList;
import java.util.List;

/** What is to be said of one set as soon as its rows are read. */
public final class SetFindings {
    private SetFindings() {}

    /** Labels, texts, and rows that repeat others. */
    public static List<Findings> of(SetScan set) {
        List<Findings> findings = new ArrayList<>(set.rows().more(set.tally().labels()));
        findings.add(Texts.of(set));
        findings.add(Duplicates.of(set));
        return findings;
    }
}
