package dev.attune.job.search;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.ContradictionException;
import dev.attune.error.ConfigException;
import dev.attune.job.JobArguments;
import dev.attune.job.Recipe;
import dev.attune.train.BestMetric;
import dev.attune.train.TrainingArguments;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to search for: a recipe, and what some of its keys may be.
 *
 * <pre>{@code
 * SearchPlan plan = SearchPlan.builder(recipe)
 *         .space("learning_rate", Space.logUniform(1e-5, 1e-3))
 *         .space("per_device_train_batch_size", Space.choice(8, 16, 32))
 *         .trials(20)
 *         .build();
 * SearchResult found = Search.run(plan, SearchListener.SILENT);
 * }</pre>
 *
 * @param recipe what all trials have in common; its {@code output_dir} is the folder of the search
 * @param space by the keys of recipes, in the order to show them
 * @param arguments how to search
 */
public record SearchPlan(Recipe recipe, Map<String, Space> space, SearchArguments arguments) {
    /** @throws ContradictionException with all that makes the search impossible; its keys are those of the space */
    public SearchPlan {
        space = Collections.unmodifiableMap(new LinkedHashMap<>(space));
        SearchRules.check(recipe, space, arguments).throwIfAny();
    }

    /** Which trial is the best one. */
    public BestMetric metric() {
        return BestMetric.of(recipe.training());
    }

    /** The folder of the search. */
    public Path folder() {
        return recipe.training().outputDir();
    }

    /** @throws ContradictionException if the values contradict each other */
    Recipe recipe(Map<String, Object> values, Path output) {
        return recipe(recipe, values, output);
    }

    /** A recipe with other values; the run begins at its first step and replaces nothing. */
    static Recipe recipe(Recipe recipe, Map<String, Object> values, Path output) {
        ArgumentSchema schema = Recipe.schema(recipe.task());
        Map<String, @Nullable Object> all =
                new LinkedHashMap<>(schema.components(recipe.job(), recipe.settings(), recipe.training()));
        values.forEach((name, value) -> {
            ArgumentKey key = schema.find(name).orElseThrow();
            try {
                all.put(name, key.parse(String.valueOf(value)));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(String.valueOf(e.getMessage()), e);
            }
        });
        all.put("output_dir", output);
        all.put("overwrite", false);
        all.put("resume_from_checkpoint", null);
        return new Recipe(
                        schema.create(JobArguments.class, all),
                        schema.create(recipe.task().settings(), all),
                        schema.create(TrainingArguments.class, all))
                .toBuilder().build(); // which checks one record against the other
    }

    /** A builder that has the defaults, and nothing to search for yet. */
    public static Builder builder(Recipe recipe) {
        return new Builder(recipe);
    }

    /** Collects values and checks them all at once. */
    public static final class Builder {
        private final Recipe recipe;
        private final Map<String, Space> space = new LinkedHashMap<>();
        private SearchArguments arguments = SearchArguments.DEFAULTS;

        private Builder(Recipe recipe) {
            this.recipe = recipe;
        }

        /** @param key of a recipe, such as {@code learning_rate} */
        public Builder space(String key, Space values) {
            space.put(key, values);
            return this;
        }

        public Builder algorithm(SearchAlgorithm value) {
            arguments =
                    SearchArgumentsBuilder.builder(arguments).algorithm(value).build();
            return this;
        }

        public Builder trials(int value) {
            arguments = SearchArgumentsBuilder.builder(arguments).trials(value).build();
            return this;
        }

        /** @param value null for no limit */
        public Builder maxHours(@Nullable Double value) {
            arguments =
                    SearchArgumentsBuilder.builder(arguments).maxHours(value).build();
            return this;
        }

        public Builder seed(long value) {
            arguments = SearchArgumentsBuilder.builder(arguments).seed(value).build();
            return this;
        }

        public Builder reductionFactor(int value) {
            arguments = SearchArgumentsBuilder.builder(arguments)
                    .reductionFactor(value)
                    .build();
            return this;
        }

        public Builder minEvaluations(int value) {
            arguments = SearchArgumentsBuilder.builder(arguments)
                    .minEvaluations(value)
                    .build();
            return this;
        }

        public Builder keep(KeptModels value) {
            arguments = SearchArgumentsBuilder.builder(arguments).keep(value).build();
            return this;
        }

        /** Sets all settings. */
        public Builder arguments(SearchArguments value) {
            arguments = value;
            return this;
        }

        /** @throws ContradictionException with all that makes the search impossible */
        public SearchPlan build() {
            return new SearchPlan(recipe, space, arguments);
        }
    }
}
