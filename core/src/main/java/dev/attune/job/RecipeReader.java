package dev.attune.job;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentPlace;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.ArgumentValues;
import dev.attune.config.Mistakes;
import dev.attune.config.YamlKeys;
import dev.attune.data.RecipePaths;
import dev.attune.data.RecipeSource;
import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import dev.attune.io.SmallFile;
import dev.attune.task.TaskType;
import dev.attune.task.Tasks;
import dev.attune.train.TrainingArguments;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Recipe} from a YAML file and flags; flags win. Nothing is thrown before {@link #forTraining()}, except for
 * a file that cannot be read: all other mistakes are reported together.
 */
public final class RecipeReader {
    private final Mistakes mistakes = new Mistakes();
    /** Kept until all is known: which keys there are depends on the task, which may be named last. */
    private final List<Written> written = new ArrayList<>();
    /** What stands below {@code search}. */
    private final List<BlockKey> searched = new ArrayList<>();
    /** {@link Recipe#schema()}, joined once, and only for a file that has keys below a key. */
    private @Nullable ArgumentSchema ofAllTasks;

    /** @param folder where files that the value names are looked for first; null for a flag */
    private record Written(
            String key,
            @Nullable Object value,
            ArgumentPlace place,
            @Nullable Path folder) {}

    /**
     * A key below {@code search}, which a training does not look at.
     *
     * @param name without the name of the block; that of a key below this one is added to it: {@code lr_scheduler_kwargs_num_cycles}
     * @param value a {@code String}, a {@code List<String>}, or null
     */
    public record BlockKey(String name, @Nullable Object value, ArgumentPlace place) {}

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
            return SmallFile.text(yaml, 1);
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
        YamlKeys.read(
                name,
                yaml,
                key -> isSearch(key) || ofAllTasks().isCompound(key),
                key -> ofAllTasks().isOpen(key),
                (key, value, place) -> {
                    if (isSearch(key)) searched.add(new BlockKey(key.replaceFirst("^search_?", ""), value, place));
                    else written.add(new Written(key, value, place, folder));
                },
                mistakes);
        return this;
    }

    private static boolean isSearch(String key) {
        return key.equals("search") || key.startsWith("search_");
    }

    /** What stands below {@code search}, in its order; a name that is there twice was replaced by a flag. */
    public List<BlockKey> searched() {
        return List.copyOf(searched);
    }

    /** Takes a key for below {@code search}. */
    public RecipeReader searchFlag(String name, String value) {
        searched.add(new BlockKey(name, value, new ArgumentPlace("--search " + name, 0)));
        return this;
    }

    private ArgumentSchema ofAllTasks() {
        if (ofAllTasks == null) ofAllTasks = Recipe.schema();
        return ofAllTasks;
    }

    /** Takes the value of a flag such as {@code --learning-rate}; an unknown flag is one of the mistakes. */
    public RecipeReader flag(String flag, String value) {
        written.add(new Written(flag, value, new ArgumentPlace(flag, 0), null));
        return this;
    }

    /** Adds a mistake that was found elsewhere, to be reported with the others. */
    public RecipeReader mistake(String sentence) {
        return mistake(null, sentence);
    }

    /** As {@link #mistake(String)}, with the place of what is wrong. */
    public RecipeReader mistake(@Nullable ArgumentPlace place, String sentence) {
        mistakes.add(place, sentence);
        return this;
    }

    /**
     * The training job.
     *
     * @throws ConfigException with all mistakes: unknown keys, wrong values, keys that are missing or contradict another
     */
    public Recipe forTraining() {
        TaskType<?> task = task();
        ArgumentSchema schema = Recipe.schema(task);
        ArgumentValues values = values(schema, task);
        values.displaceCompounds();
        checkSources(values);
        values.displace("validation", "validation_fraction");
        values.displace("validation_fraction", "validation");
        values.displace("eval_strategy", "eval_steps");
        evaluateIfPossible(schema, values);
        Map<String, @Nullable Object> converted = values.convert(mistakes);
        converted.put("task", task.key());
        for (ArgumentKey key : schema.missing(name -> values.place(name) != null)) {
            mistakes.add(
                    null,
                    key.name() + " is missing. Add it to the recipe, for instance " + key.name() + ": " + key.example()
                            + ", or give the flag " + key.flag() + ".");
        }
        JobArguments job = schema.create(JobArguments.class, converted, values::placeOfAny, mistakes);
        Record settings = schema.create(task.settings(), converted, values::placeOfAny, mistakes);
        TrainingArguments training = schema.create(TrainingArguments.class, converted, values::placeOfAny, mistakes);
        RecipeRules.check(task, job, settings, training)
                .forEach(c -> mistakes.contradiction(
                        c.keys(), Mistakes.firstPlace(c.keys(), values::placeOfAny), c.sentence()));
        mistakes.throwIfAny();
        return new Recipe(job, settings, training);
    }

    /** Who gives validation data wants to see a metric; Hugging Face's default would silently ignore them. */
    private static void evaluateIfPossible(ArgumentSchema schema, ArgumentValues values) {
        boolean validation = values.has("validation")
                || schema.parts("validation").stream().anyMatch(values::has)
                || values.has("validation_sets")
                || hasFraction(values);
        if (values.has("eval_strategy") || !validation) return;
        ArgumentPlace steps = values.place("eval_steps");
        String strategy = steps == null ? "epoch" : "steps";
        values.put("eval_strategy", strategy, steps == null ? new ArgumentPlace("eval_strategy", 0) : steps);
    }

    private static boolean hasFraction(ArgumentValues values) {
        // A fraction that is wrong or 0 is no validation data; what is wrong is reported when all values are converted.
        Object fraction = values.convert(new Mistakes()).get("validation_fraction");
        return fraction instanceof Double share && share > 0;
    }

    /** The task that was named last; a name that is no task is a mistake, and the rest is read as the default task's. */
    private TaskType<?> task() {
        TaskType<?> task = Tasks.named(Tasks.DEFAULT);
        for (Written each : written) {
            if (!each.key.equals("task") && !each.key.equals("--task")) continue;
            String name = String.valueOf(each.value).trim();
            TaskType<?> found = Tasks.find(name).orElse(null);
            if (found != null) {
                task = found;
            } else {
                mistakes.broken("task", each.place, unknownTask(name));
            }
            if (!task.trainable()) {
                mistakes.broken(
                        "task",
                        each.place,
                        "task is \"" + task.key() + "\", which is not trained. Use it with attune predict --task "
                                + task.key() + ".");
            }
        }
        return task;
    }

    private static String unknownTask(String name) {
        List<String> keys = Tasks.keys();
        String choice = "must be one of " + String.join(", ", keys) + ".";
        return "task is \"" + name + "\", but " + choice + Suggestion.didYouMean(name, keys);
    }

    private ArgumentValues values(ArgumentSchema schema, TaskType<?> task) {
        ArgumentValues values = new ArgumentValues(schema);
        for (Written each : written) {
            boolean flag = each.folder == null;
            ArgumentKey key = schema.find(each.key)
                    .filter(known -> flag || known.name().equals(each.key))
                    .orElse(null);
            if (key == null) {
                mistakes.add(each.place, unknown(schema, task, each.key));
            } else if (!key.name().equals("task")) {
                boolean isMoved = key.path() && each.folder != null;
                values.put(key.name(), isMoved ? beside(key, each.folder, each.value) : each.value, each.place);
            }
        }
        return values;
    }

    private static @Nullable Object beside(ArgumentKey key, Path folder, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(entry -> NamedSource.beside(folder, String.valueOf(entry)))
                    .toList();
        }
        if (!(value instanceof String text)) return value;
        return key.isList() ? NamedSource.beside(folder, text) : RecipePaths.beside(folder, text);
    }

    /** What a recipe may not say of a database though a flag may; what a flag has replaced does not count. */
    private void checkSources(ArgumentValues values) {
        for (Written each : written) {
            if (each.folder == null || !each.place.equals(values.place(each.key))) continue;
            if (!(each.value instanceof String text)) continue;
            String said = each.key.endsWith("_password_file") ? RecipePaths.beside(each.folder, text) : text;
            String sentence = RecipeSource.mistake(each.key, said, each.folder);
            if (sentence != null) mistakes.broken(each.key, each.place, sentence);
        }
    }

    private static String unknown(ArgumentSchema schema, TaskType<?> task, String name) {
        ArgumentKey training = Recipe.schema(task).find(name).orElse(null);
        if (training != null && schema.find(name).isEmpty()) {
            return training.name() + " is for a training; a trained model keeps what it was trained with. Delete it.";
        }
        String key = name.replaceFirst("^--", "").replace('-', '_');
        List<String> owners = owners(name, TaskType::settings);
        if (owners.isEmpty()) {
            List<String> answering = owners(name, TaskType::predictionSettings);
            if (answering.isEmpty()) return schema.unknown(name);
            return answering.contains(task.key())
                    ? key + " is for answers: it belongs to attune predict. Delete it."
                    : key + " belongs to the answers of " + String.join(", ", answering) + ", but this is " + task.key()
                            + ". Delete it.";
        }
        return key + " belongs to the task " + String.join(", ", owners) + ", but this is " + task.key()
                + ". Delete it, or set task: " + owners.get(0) + ".";
    }

    private static List<String> owners(String name, Function<TaskType<?>, Class<? extends Record>> keys) {
        return Tasks.all().stream()
                .filter(task -> ArgumentSchema.of(keys.apply(task)).find(name).isPresent())
                .map(TaskType::key)
                .toList();
    }

    /**
     * The flags of a command that uses a trained model: the task's settings and a few others.
     *
     * @param task the task of the model
     * @param schema the keys that make sense
     */
    Map<String, @Nullable Object> forTrained(TaskType<?> task, ArgumentSchema schema) {
        Map<String, @Nullable Object> converted = values(schema, task).convert(mistakes);
        mistakes.throwIfAny();
        return converted;
    }
}
