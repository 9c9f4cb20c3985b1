package dev.attune.job;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentPlace;
import dev.attune.config.ArgumentValues;
import dev.attune.config.Mistakes;
import dev.attune.config.YamlKeys;
import dev.attune.error.ConfigException;
import dev.attune.train.TrainingRules;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Recipe} from a YAML file and flags; flags win. Nothing is thrown before {@link #forTraining()} or {@link
 * #forEvaluation()}, except for a file that cannot be read: all other mistakes are reported together.
 */
public final class RecipeReader {
    private final Mistakes errors = new Mistakes();
    private final ArgumentValues values = new ArgumentValues(Recipe.SCHEMA);

    /**
     * Takes the keys of a YAML file. A data file or model folder that it names is looked for beside the YAML file first.
     *
     * @throws ConfigException if the file is missing, not UTF-8 or not YAML
     */
    public RecipeReader file(Path yaml) {
        Path folder = yaml.toAbsolutePath().getParent();
        return text(yaml.toString(), content(yaml), folder == null ? Path.of("") : folder);
    }

    private static String content(Path yaml) {
        try {
            return Files.readString(yaml);
        } catch (NoSuchFileException e) {
            throw new ConfigException("There is no recipe " + yaml + ".", e);
        } catch (CharacterCodingException e) {
            throw new ConfigException(yaml + " is not a text in UTF-8. Save it in that encoding.", e);
        } catch (IOException e) {
            throw new ConfigException("Cannot read " + yaml + ": " + e.getMessage() + ".", e);
        }
    }

    /**
     * Takes the keys of a YAML text.
     *
     * @param name what error messages call the text
     * @param folder where data files and model folders are looked for first
     * @throws ConfigException if the text is not YAML
     */
    public RecipeReader text(String name, String yaml, Path folder) {
        YamlKeys.read(name, yaml, (key, value, place) -> put(key, value, place, folder), errors);
        return this;
    }

    private void put(String key, @Nullable Object value, ArgumentPlace place, Path folder) {
        ArgumentKey known = exact(key);
        if (known == null) {
            errors.add(place, Recipe.SCHEMA.unknown(key));
        } else {
            values.put(key, known.path() && value instanceof String text ? beside(folder, text) : value, place);
        }
    }

    private static @Nullable ArgumentKey exact(String name) {
        return Recipe.SCHEMA.find(name).filter(key -> key.name().equals(name)).orElse(null);
    }

    private static String beside(Path folder, String text) {
        try {
            Path file = folder.resolve(text).normalize();
            return Files.exists(file) ? file.toString() : text;
        } catch (InvalidPathException sqlOrName) {
            return text;
        }
    }

    /** Takes the value of a flag such as {@code --learning-rate}; an unknown flag is one of the mistakes. */
    public RecipeReader flag(String flag, String value) {
        ArgumentPlace place = new ArgumentPlace(flag, 0);
        Recipe.SCHEMA
                .find(flag)
                .ifPresentOrElse(
                        key -> values.put(key.name(), value, place),
                        () -> errors.add(place, Recipe.SCHEMA.unknown(flag)));
        return this;
    }

    /** Adds a mistake that was found elsewhere, to be reported with the others. */
    public RecipeReader mistake(String sentence) {
        errors.add(null, sentence);
        return this;
    }

    /**
     * The training job.
     *
     * @throws ConfigException with all mistakes: unknown keys, wrong values, keys that are missing or contradict another
     */
    public Recipe forTraining() {
        values.displace("validation", "validation_fraction");
        values.displace("validation_fraction", "validation");
        values.displace("eval_strategy", "eval_steps");
        if (!values.has("eval_strategy") && (values.has("validation") || hasFraction())) {
            // Who gives validation data wants to see a metric; Hugging Face's default would silently ignore them.
            ArgumentPlace steps = values.place("eval_steps");
            String strategy = steps == null ? "epoch" : "steps";
            values.put("eval_strategy", strategy, steps == null ? new ArgumentPlace("eval_strategy", 0) : steps);
        }
        Map<String, @Nullable Object> converted = values.convert(errors);
        for (ArgumentKey key : Recipe.SCHEMA.keys()) {
            if (key.required() && values.place(key.name()) == null) {
                errors.add(
                        null,
                        key.name() + " is missing. Add it to the recipe, for instance " + key.name() + ": "
                                + key.example() + ", or give the flag " + key.flag() + ".");
            }
        }
        Recipe recipe = Recipe.SCHEMA.create(Recipe.class, converted);
        TrainingRules.check(recipe.training(), values::place, errors);
        RecipeRules.job(recipe, values::place, errors);
        errors.throwIfAny();
        return recipe;
    }

    private boolean hasFraction() {
        // A fraction that is wrong or 0 is no validation data; what is wrong is reported when all values are converted.
        Mistakes ignored = new Mistakes();
        Object fraction = values.convert(ignored).get("validation_fraction");
        return fraction instanceof Double share && share > 0;
    }

    /**
     * Options for an evaluation: keys may be missing, and the rules for training data do not apply.
     *
     * @throws ConfigException with all unknown keys and wrong values
     */
    public Recipe forEvaluation() {
        Recipe recipe = Recipe.SCHEMA.create(Recipe.class, values.convert(errors));
        errors.throwIfAny();
        return recipe;
    }
}
