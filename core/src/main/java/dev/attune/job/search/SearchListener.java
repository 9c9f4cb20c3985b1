package dev.attune.job.search;

import dev.attune.train.TrainingListener;
import java.util.List;

/** What a search tells while it goes on. All methods are called on the thread that trains, in order. */
public interface SearchListener {
    /** A listener that hears nothing. */
    SearchListener SILENT = new SearchListener() {};

    /** @param before trials that had ended when an earlier search was broken off */
    default void onSearchBegin(SearchPlan plan, List<Trial> before) {}

    /**
     * Before each trial.
     *
     * @return who hears of its training
     */
    default TrainingListener onTrialBegin(Trial trial) {
        return TrainingListener.SILENT;
    }

    /** After each trial, when it is written down. */
    default void onTrialEnd(Trial trial) {}

    /** A sentence for the reader, without a line end. */
    default void onMessage(String text) {}

    /** Once, when all is written. Not called when the search fails or is broken off. */
    default void onSearchEnd(SearchResult result) {}
}
