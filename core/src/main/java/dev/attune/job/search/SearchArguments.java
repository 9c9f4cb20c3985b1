package dev.attune.job.search;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a search, which stand in the block {@code search} of a recipe beside the keys to look for. */
@RecordBuilder
public record SearchArguments(
        @Argument(
                group = "Search",
                initial = "tpe",
                doc =
                        "How to search. random: values that do not depend on each other; tpe: after ten random trials, values"
                                + " near those that were good; asha: random values, and trials that are not among the best end"
                                + " early.")
        SearchAlgorithm algorithm,

        @Argument(initial = "20", range = "[1, 10000]", doc = "How many trials to make in all.")
        int trials,

        @Argument(
                range = "(0, inf)",
                example = "8",
                doc = "Hours after which no further trial begins, all trials so far together.")
        @Nullable
        Double maxHours,

        @Argument(
                initial = "42",
                range = "[0, 4294967295]",
                doc = "Seed of the values that are tried. The trainings themselves keep the seed of the recipe.")
        long seed,

        @Argument(
                initial = "4",
                range = "[2, 100]",
                doc = "Of the trials that reach a rung of asha, one in so many goes on.")
        int reductionFactor,

        @Argument(
                initial = "1",
                range = "[1, inf)",
                doc = "Evaluations before a trial of asha is judged for the first time.")
        int minEvaluations,

        @Argument(initial = "best", doc = "Of which trials the weights stay on the disk.")
        KeptModels keep) {

    static final ArgumentSchema SCHEMA = ArgumentSchema.of(SearchArguments.class);

    /** What a search has if nothing is said. */
    public static final SearchArguments DEFAULTS = SCHEMA.create(SearchArguments.class, Map.of());

    public SearchArguments {
        Contradictions.ofRanges(SCHEMA)
                .next(algorithm, trials, maxHours, seed, reductionFactor, minEvaluations, keep)
                .throwIfAny();
    }

    /** Keys and their documentation. */
    public static ArgumentSchema schema() {
        return SCHEMA;
    }
}
