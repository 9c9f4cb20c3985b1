package dev.attune.job.search;

import java.util.List;
import java.util.Optional;

/**
 * What a search found.
 *
 * @param trials all that have ended, the best first
 */
public record SearchResult(SearchPlan plan, List<Trial> trials) {
    public SearchResult {
        trials = trials.stream()
                .sorted(Trial.bestFirst(plan.metric().greaterIsBetter()))
                .toList();
    }

    /** The trial with the best metric; empty if none came to its end. */
    public Optional<Trial> best() {
        return trials.stream()
                .filter(trial -> trial.state() == Trial.State.FINISHED)
                .findFirst();
    }
}
