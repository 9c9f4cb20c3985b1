package dev.attune.job.search;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One training of a search.
 *
 * @param number from 0
 * @param parameters the values that were tried, by key: a {@code Double}, a {@code Long}, or a text
 * @param metric of the model that the trial ended with; null for none
 * @param evaluations the metric at each evaluation, in their order
 * @param steps optimizer steps that were made
 * @param seconds that it took, since it was last taken up
 * @param note why it failed, as a sentence; null if it did not
 */
public record Trial(
        int number,
        Map<String, Object> parameters,
        State state,
        @Nullable Double metric,
        List<Double> evaluations,
        int steps,
        double seconds,
        @Nullable String note) {

    /** How far a trial is. */
    public enum State {
        RUNNING,
        /** It came to its end. */
        FINISHED,
        /** Others were better, so it was ended. */
        PRUNED,
        /** It left the finite numbers. */
        FAILED;

        /** The name in {@code trials.jsonl}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Trial {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        evaluations = List.copyOf(evaluations);
    }

    /** One that begins. */
    static Trial running(int number, Map<String, Object> parameters) {
        return new Trial(number, parameters, State.RUNNING, null, List.of(), 0, 0, null);
    }

    /** Its folder below that of the search: {@code trial-007}. */
    public String folder() {
        return String.format(Locale.ROOT, "trial-%03d", number);
    }

    /** Finished trials by their metric, then those that were pruned, then those that failed; of equals the earlier one first. */
    static Comparator<Trial> bestFirst(boolean greaterIsBetter) {
        Comparator<Double> order = greaterIsBetter ? Comparator.reverseOrder() : Comparator.naturalOrder();
        return Comparator.comparing(Trial::rank)
                .thenComparing(Trial::metric, Comparator.nullsLast(order))
                .thenComparingInt(Trial::number);
    }

    private int rank() {
        return switch (state) {
            case FINISHED -> 0;
            case PRUNED -> 1;
            case FAILED -> 2;
            case RUNNING -> 3;
        };
    }
}
