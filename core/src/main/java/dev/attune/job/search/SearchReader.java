package dev.attune.job.search;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentPlace;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.ArgumentValues;
import dev.attune.config.ContradictionException;
import dev.attune.config.Mistakes;
import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import dev.attune.job.Recipe;
import dev.attune.job.RecipeReader;
import dev.attune.job.RecipeReader.BlockKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link SearchPlan} from a recipe with a block {@code search}, which has settings and keys of the recipe beside each other:
 *
 * <pre>{@code
 * search:
 *   algorithm: tpe
 *   trials: 20
 *   learning_rate: log_uniform(1e-5, 1e-3)
 *   per_device_train_batch_size: [8, 16, 32]
 * }</pre>
 */
public final class SearchReader {
    private final RecipeReader reader;
    private final ArgumentSchema settings = SearchArguments.schema();
    private final ArgumentSchema keys = Recipe.schema();
    private final ArgumentValues values = new ArgumentValues(settings);
    private final Map<String, Space> space = new LinkedHashMap<>();
    private final Map<String, ArgumentPlace> places = new LinkedHashMap<>();
    private final Mistakes mistakes = new Mistakes();

    private SearchReader(RecipeReader reader) {
        this.reader = reader;
    }

    /**
     * The search of a recipe that was read.
     *
     * @throws ConfigException with all mistakes
     */
    public static SearchPlan read(RecipeReader recipe) {
        return new SearchReader(recipe).plan();
    }

    private SearchPlan plan() {
        for (BlockKey each : reader.searched()) {
            places.putIfAbsent("", each.place());
            places.put(each.name(), each.place());
            take(each);
        }
        Map<String, @Nullable Object> converted = values.convert(mistakes);
        SearchArguments arguments = settings.create(SearchArguments.class, converted, values::place, mistakes);
        Recipe recipe = recipe();
        mistakes.throwIfAny();
        try {
            return new SearchPlan(recipe, space, arguments);
        } catch (ContradictionException e) {
            e.contradictions().forEach(c -> mistakes.add(place(c.keys()), sentence(c.keys(), c.sentence())));
            mistakes.throwIfAny();
            throw e; // not reached: it has at least one
        }
    }

    /** What is wrong with the recipe is told together with what is wrong below {@code search}. */
    private Recipe recipe() {
        if (mistakes.isEmpty()) return reader.forTraining();
        mistakes.into(reader::mistake);
        reader.forTraining();
        throw new IllegalStateException("a reader with a mistake does not read");
    }

    private @Nullable ArgumentPlace place(List<String> names) {
        ArgumentPlace first = places.get("");
        return names.isEmpty() ? first : places.getOrDefault(names.get(0), first);
    }

    private static String sentence(List<String> names, String sentence) {
        return names.isEmpty() || sentence.contains(names.get(0)) ? sentence : names.get(0) + ": " + sentence;
    }

    private void take(BlockKey each) {
        String name = each.name();
        Object value = each.value();
        boolean isSetting =
                settings.find(name).filter(key -> key.name().equals(name)).isPresent();
        if (name.isEmpty()) {
            mistakes.add(
                    each.place(),
                    "search is a block: put keys below it, for instance learning_rate:" + " log_uniform(1e-5, 1e-3).");
        } else if (isSetting) {
            if (name.equals("seed") && isSpace(value)) {
                mistakes.add(
                        each.place(),
                        "seed cannot be searched: below search it is the seed of the search, one number.");
            } else {
                values.put(name, value, each.place());
            }
        } else if (keys.find(name).filter(key -> key.name().equals(name)).isEmpty()) {
            mistakes.add(each.place(), unknown(name));
        } else if (value == null) {
            mistakes.add(
                    each.place(), name + " has no value, but must be a space, for instance [1, 2] or uniform(0, 1).");
        } else {
            try {
                space.put(name, SpaceText.parse(value));
            } catch (ConfigException e) {
                mistakes.add(each.place(), name + ": " + e.getMessage());
            }
        }
    }

    private static boolean isSpace(@Nullable Object value) {
        return value instanceof List || value instanceof String text && text.contains("(");
    }

    /** Other tools write {@code learning_rate: {low: …, high: …}}. */
    private String unknown(String name) {
        Optional<ArgumentKey> above = keys.keys().stream()
                .filter(key -> name.startsWith(key.name() + "_"))
                .filter(key -> List.of("low", "high", "min", "max", "log", "values", "choices", "distribution", "type")
                        .contains(name.substring(key.name().length() + 1)))
                .findFirst();
        if (above.isPresent()) {
            String key = above.get().name();
            return "The space of " + key + " is one value. Write " + key + ": log_uniform(1e-5, 1e-3), uniform(0, 0.1),"
                    + " int(1, 4) or a list of values.";
        }
        List<String> all = Stream.concat(settings.keys().stream(), keys.keys().stream())
                .map(ArgumentKey::name)
                .toList();
        return "There is no key \"" + name + "\" to search." + Suggestion.didYouMean(name, all);
    }
}
