package dev.attune.job.search;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import dev.attune.error.ConfigException;
import dev.attune.job.JobArguments;
import dev.attune.job.Recipe;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.TrainingArguments.Groups;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What makes a search impossible. */
final class SearchRules {
    /** Trials with other values of these could not be compared, or would lie in each other's way. */
    private static final Set<String> FIXED = Set.of(
            "task",
            "validation_sets",
            "validation_fraction",
            "max_eval_samples",
            "seed",
            "data_seed",
            "metric_for_best_model",
            "greater_is_better",
            "eval_strategy",
            "eval_steps",
            "eval_on_start",
            "eval_delay",
            "run_name");

    private static final Set<String> FIXED_GROUPS = Set.of(Groups.RUN, Groups.LOGGING, Groups.SAVING);
    private static final List<String> SETS = List.of("train", "validation", "test");

    private SearchRules() {}

    static Contradictions check(Recipe recipe, Map<String, Space> space, SearchArguments arguments) {
        Contradictions wrong = new Contradictions();
        if (space.isEmpty()) {
            wrong.add("There is no key to search. Add a block to the recipe, for instance search: with learning_rate:"
                    + " log_uniform(1e-5, 1e-3) below it.");
        }
        JobArguments job = recipe.job();
        boolean hasValidation =
                job.validation() != null || !job.validationSets().isEmpty() || job.validationFraction() > 0;
        if (!hasValidation) {
            wrong.add("A search needs validation data, which tell the trials apart. Add validation, or"
                    + " validation_fraction: 0.1 to split it off the training data.");
        } else if (arguments.algorithm() == SearchAlgorithm.ASHA
                && recipe.training().evalStrategy() == IntervalStrategy.NO) {
            wrong.add(
                    "algorithm is \"asha\", which judges trials at their evaluations, but eval_strategy is \"no\". Set"
                            + " eval_strategy: epoch.");
        }
        space.forEach((key, values) -> {
            String mistake = mistake(recipe, key, values);
            if (mistake != null) wrong.add(mistake, key);
        });
        return wrong;
    }

    /** What is wrong with one key; null if nothing is. */
    private static @Nullable String mistake(Recipe recipe, String name, Space space) {
        ArgumentSchema schema = Recipe.schema(recipe.task());
        ArgumentKey key =
                schema.find(name).filter(known -> known.name().equals(name)).orElse(null);
        if (key == null) {
            return Recipe.schema().find(name).isEmpty()
                    ? schema.unknown(name)
                    : name + " belongs to another task than " + recipe.task().key() + ". Delete it.";
        }
        if (isFixed(key)) {
            return name
                    + " cannot be searched: all trials have the same data, seed and measure, and the search gives each"
                    + " a folder of its own. Delete it from the search.";
        }
        if (key.isInteger() && (space instanceof Space.Uniform || space instanceof Space.LogUniform)) {
            return name + " is a whole number, but " + space + " gives others as well. Write int(…), or choice(…).";
        }
        for (Object value : extremes(space)) {
            try {
                SearchPlan.recipe(recipe, Map.of(name, value), Path.of("trial"));
            } catch (ConfigException e) {
                return space + " has a value that cannot be: " + e.getMessage();
            }
        }
        return null;
    }

    private static boolean isFixed(ArgumentKey key) {
        return FIXED.contains(key.name())
                || FIXED_GROUPS.contains(key.group())
                || SETS.stream().anyMatch(set -> key.name().equals(set) || isPartOf(key, set));
    }

    /** {@code train_jdbc} is a part of train, {@code train_sampling_strategy} is not. */
    private static boolean isPartOf(ArgumentKey key, String set) {
        return Recipe.schema().parts(set).contains(key.name());
    }

    /** If these can be, those between them can, too. */
    private static List<Object> extremes(Space space) {
        if (space instanceof Space.Uniform u) return List.of(u.low(), u.high());
        if (space instanceof Space.LogUniform l) return List.of(l.low(), l.high());
        if (space instanceof Space.IntRange i) return List.of(i.low(), i.high());
        return List.copyOf(((Space.Choice) space).values());
    }
}
