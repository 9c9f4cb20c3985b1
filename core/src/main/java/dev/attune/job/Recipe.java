package dev.attune.job;

import dev.attune.adapt.LoraConfig;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.ContradictionException;
import dev.attune.config.ContradictionException.Contradiction;
import dev.attune.data.DataSource;
import dev.attune.error.ConfigException;
import dev.attune.task.TaskOptions;
import dev.attune.task.TaskType;
import dev.attune.task.Tasks;
import dev.attune.train.TrainingArguments;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A whole job: what to learn from which data, and how to train. As YAML it is flat: the keys of {@link JobArguments}, of
 * the task's settings and of {@link TrainingArguments} stand beside each other:
 *
 * <pre>{@code
 * task: text-classification
 * model: minilm
 * train: train.csv
 * validation: validation.csv
 * output_dir: runs/quickstart
 * learning_rate: 1e-4
 * }</pre>
 *
 * <p>{@link RecipeReader} reads files and flags, {@link #builder()} is for Java; both report all mistakes at once.
 *
 * @param job what any task has: model, data, length
 * @param settings what only this task has; a {@link TaskType#settings()}
 * @param training how to train
 */
public record Recipe(JobArguments job, Record settings, TrainingArguments training) {

    /** By the class of a task's settings; it is asked for at every mistake. */
    private static final ClassValue<ArgumentSchema> SCHEMAS = new ClassValue<>() {
        @Override
        @SuppressWarnings("unchecked") // an array of classes of records is safe
        protected ArgumentSchema computeValue(Class<?> settings) {
            return ArgumentSchema.of(JobArguments.class, settings.asSubclass(Record.class), TrainingArguments.class);
        }
    };

    /** Keys and their documentation, for a task. */
    public static ArgumentSchema schema(TaskType<?> task) {
        return SCHEMAS.get(task.settings());
    }

    /** Keys and their documentation, of all tasks that can be trained together. */
    public static ArgumentSchema schema() {
        return ArgumentSchema.union(
                "Recipe",
                Tasks.all().stream()
                        .filter(TaskType::trainable)
                        .map(Recipe::schema)
                        .toList());
    }

    /**
     * Reads a training job from a YAML file.
     *
     * @throws ConfigException with all mistakes, each with its line
     */
    public static Recipe read(Path yaml) {
        return new RecipeReader().file(yaml).forTraining();
    }

    /** The task that {@link JobArguments#task()} names. */
    public TaskType<?> task() {
        return Tasks.named(job.task());
    }

    /** All values by YAML key, as texts, numbers, booleans, lists and nulls. */
    public Map<String, @Nullable Object> toMap() {
        return schema(task()).values(job, settings, training);
    }

    /** The values that keys have where a recipe says nothing. */
    static Map<String, @Nullable Object> defaults(TaskType<?> task) {
        return schema(task)
                .values(
                        JobArguments.DEFAULTS,
                        ArgumentSchema.of(task.settings()).create(task.settings(), Map.of()),
                        TrainingArguments.builder().build());
    }

    /** The values that are not the defaults, by YAML key. */
    public Map<String, @Nullable Object> changed() {
        Map<String, @Nullable Object> defaults = defaults(task());
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(toMap());
        changed.entrySet().removeIf(entry -> Objects.equals(entry.getValue(), defaults.get(entry.getKey())));
        return changed;
    }

    /** A builder that has the defaults; {@code model} and {@code train} have to be set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that has these values. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.job = JobArgumentsBuilder.builder(job);
        builder.settings = settings;
        builder.training = training;
        return builder;
    }

    /** Collects values and checks them all at once. */
    public static final class Builder {
        private JobArgumentsBuilder job = JobArgumentsBuilder.builder(JobArguments.DEFAULTS);
        private @Nullable Record settings;
        private TrainingArguments training = TrainingArguments.builder().build();

        private Builder() {}

        /** What to learn; without it {@link Tasks#DEFAULT}, or the task that {@link #settings} belong to. */
        public Builder task(String key) {
            job.task(key);
            return this;
        }

        public Builder model(String name) {
            job.model(new ModelChoice(name, null, null));
            return this;
        }

        /** A model that begins untrained: random weights, which the seed decides. */
        public Builder untrainedModel(Path config, Path tokenizer) {
            job.model(new ModelChoice(null, config, tokenizer));
            return this;
        }

        /** Dropout after embeddings and layers; null for the model's own. */
        public Builder hiddenDropout(@Nullable Double rate) {
            job.hiddenDropout(rate);
            return this;
        }

        /** Dropout of attention; null for the model's own. */
        public Builder attentionDropout(@Nullable Double rate) {
            job.attentionDropout(rate);
            return this;
        }

        /** Dropout before the last layer of a classifier; null for the model's own. */
        public Builder classifierDropout(@Nullable Double rate) {
            job.classifierDropout(rate);
            return this;
        }

        /** @param fileGlobOrSql a file, a pattern, or SQL on the embedded DuckDB */
        public Builder train(String fileGlobOrSql) {
            return train(DataSource.of(fileGlobOrSql));
        }

        public Builder train(@Nullable DataSource source) {
            job.train(source);
            return this;
        }

        public Builder validation(String fileGlobOrSql) {
            return validation(DataSource.of(fileGlobOrSql));
        }

        public Builder validation(@Nullable DataSource source) {
            job.validation(source);
            return this;
        }

        /**
         * One more validation set, whose results are called {@code eval_NAME_loss} and so on.
         *
         * @param name of lower-case letters and digits
         */
        public Builder validationSet(String name, String fileGlobOrSql) {
            List<String> sets = new ArrayList<>(job.validationSets());
            sets.add(name + "=" + fileGlobOrSql);
            return validationSets(sets);
        }

        /** @param sets {@code name=source}, as a recipe has them */
        public Builder validationSets(List<String> sets) {
            job.validationSets(sets);
            return this;
        }

        public Builder test(String fileGlobOrSql) {
            return test(DataSource.of(fileGlobOrSql));
        }

        public Builder test(@Nullable DataSource source) {
            job.test(source);
            return this;
        }

        public Builder validationFraction(double share) {
            job.validationFraction(share);
            return this;
        }

        public Builder maxTrainSamples(@Nullable Integer rows) {
            job.maxTrainSamples(rows);
            return this;
        }

        public Builder maxEvalSamples(@Nullable Integer rows) {
            job.maxEvalSamples(rows);
            return this;
        }

        public Builder maxLength(@Nullable Integer tokens) {
            job.maxLength(tokens);
            return this;
        }

        /** Trains adapters beside the model's weights; null for the weights themselves. */
        public Builder lora(@Nullable LoraConfig adapters) {
            job.lora(adapters);
            return this;
        }

        public Builder dataCache(boolean on) {
            job.dataCache(on);
            return this;
        }

        public Builder overwrite(boolean allowed) {
            job.overwrite(allowed);
            return this;
        }

        /** {@code auto}, {@code must} or the folder of a checkpoint; null for a run from the first step on. */
        public Builder resumeFromCheckpoint(@Nullable String from) {
            job.resumeFromCheckpoint(from);
            return this;
        }

        /** What to do if a run that goes on has other values than before. */
        public Builder onChange(OnChange what) {
            job.onChange(what);
            return this;
        }

        /** The task's own settings; they name the task, unless one that has such settings was named. */
        public Builder settings(Record settings) {
            this.settings = settings;
            boolean named = Tasks.find(job.task())
                    .filter(type -> type.settings().isInstance(settings))
                    .isPresent();
            if (named) return this;
            // Of several tasks with the same settings it is the one that models are recognised by.
            Tasks.all().stream()
                    .filter(type -> type.settings().isInstance(settings))
                    .min(Comparator.comparing(type -> type.architectures().isEmpty()))
                    .ifPresent(type -> job.task(type.key()));
            return this;
        }

        /** Sets all training arguments. */
        public Builder training(TrainingArguments value) {
            training = value;
            return this;
        }

        /**
         * Checks all values together and makes a training job.
         *
         * @throws ConfigException with every value that is missing, out of range or contradicts another
         */
        public Recipe build() {
            List<Contradiction> mistakes = new ArrayList<>();
            JobArguments arguments = job.train() == null || job.model() == null ? missing(mistakes) : null;
            try {
                arguments = job.build();
            } catch (ContradictionException e) {
                mistakes.addAll(e.contradictions());
            }
            TaskType<?> type = Tasks.named(job.task());
            if (!type.trainable()) throw new ConfigException("The task " + type.key() + " is not trained.");
            Record own =
                    settings == null ? ArgumentSchema.of(type.settings()).create(type.settings(), Map.of()) : settings;
            if (!type.settings().isInstance(own)) {
                throw new ConfigException("The settings are a " + own.getClass().getSimpleName() + ", but the task "
                        + type.key() + " has a " + type.settings().getSimpleName() + ".");
            }
            if (arguments != null) {
                mistakes.addAll(RecipeRules.check(type, arguments, own, training));
            }
            if (!mistakes.isEmpty()) throw new ContradictionException(mistakes);
            return new Recipe(arguments, own, training);
        }

        private @Nullable JobArguments missing(List<Contradiction> mistakes) {
            if (job.model() == null) mistakes.add(new Contradiction(List.of("model"), "model is missing."));
            if (job.train() == null) mistakes.add(new Contradiction(List.of("train"), "train is missing."));
            return null;
        }
    }

    /** This recipe with {@code mixed_precision: auto} replaced by what it is here: a run goes on as it began. */
    Recipe forThisMachine() {
        return new Recipe(job, settings, training.forThisMachine());
    }

    /** What this recipe asks of loss and metrics, whatever the task. */
    TaskOptions options(Hooks hooks) {
        return new TaskOptions(training.labelSmoothingFactor(), hooks.computeLoss(), hooks.computeMetrics());
    }
}
