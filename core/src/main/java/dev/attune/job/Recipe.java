package dev.attune.job;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Mistakes;
import dev.attune.task.ProblemType;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingArguments.Groups;
import dev.attune.train.TrainingRules;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole job: what to learn from which data, and how to train. As YAML it is flat, the keys of {@link
 * TrainingArguments} stand beside those of data and model:
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
 */
public record Recipe(
        @Argument(
                group = Groups.JOB,
                initial = "text-classification",
                choices = "text-classification",
                aliases = "sentiment-analysis=text-classification",
                later = {
                    "token-classification",
                    "question-answering",
                    "fill-mask",
                    "text2text-generation",
                    "text-generation",
                    "ner",
                    "summarization",
                    "translation"
                },
                common = true,
                doc = "What the model learns to do.")
        String task,

        @Argument(
                group = Groups.JOB,
                required = true,
                common = true,
                path = true,
                example = "minilm",
                doc = "The pretrained model. A folder, maven:group:artifact:version, or one of the built-in names"
                        + " minilm and bert-base-uncased. Names of the Hugging Face Hub (org/name) are for a later"
                        + " version: download the files into a folder.")
        String model,

        @Argument(
                group = Groups.JOB,
                required = true,
                common = true,
                path = true,
                example = "train.csv",
                doc = "Training data. A CSV, TSV, JSON, JSON Lines or Parquet file, a pattern for several"
                        + " (data/part-*.csv), or an SQL query. A text file (.txt) is read as well, but a line of it has"
                        + " no label. A file is looked for beside the recipe, then in the working directory; patterns and"
                        + " the files of a query in the working directory only.")
        @Nullable
        String train,

        @Argument(
                group = Groups.JOB,
                common = true,
                path = true,
                example = "validation.csv",
                doc = "Validation data, in the same forms as train. The metrics are computed on it.")
        @Nullable
        String validation,

        @Argument(
                group = Groups.DATA,
                initial = "0.0",
                range = "[0, 1)",
                example = "0.1",
                doc = "Share of the training data that is split off as validation data. The split depends on seed only;"
                        + " 0 splits nothing off.")
        double validationFraction,

        @Argument(
                group = Groups.DATA,
                example = "text",
                doc =
                        "Column that holds the text. Without it the usual names are tried (text, sentence, sentence1, …).")
        @Nullable
        String textColumn,

        @Argument(
                group = Groups.DATA,
                example = "sentence2",
                doc = "Column that holds the second text, for tasks on pairs of texts.")
        @Nullable
        String textPairColumn,

        @Argument(
                group = Groups.DATA,
                example = "label",
                doc = "Column that holds the label. Without it the usual names are tried (label, labels, class, …).")
        @Nullable
        String labelColumn,

        @Argument(
                group = Groups.DATA,
                example = "negative, positive",
                doc =
                        "Names of the classes in the order of the model's outputs. Without it they are the sorted labels of"
                                + " the training data. As a flag, separated by commas.")
        List<String> labels,

        @Argument(
                group = Groups.DATA,
                range = "[3, inf)",
                common = true,
                example = "128",
                doc =
                        "Longest input in tokens, special tokens included; longer texts are cut. Without it the model's own"
                                + " limit; a larger number is lowered to that limit.")
        @Nullable
        Integer maxLength,

        @Argument(
                group = Groups.DATA,
                doc = "Kind of label. Without it the data decide: numbers with a fraction are regression, lists are"
                        + " multi-label, all else is single-label classification.")
        @Nullable
        ProblemType problemType,

        @Argument(
                group = Groups.RUN,
                initial = "false",
                doc = "Allow an output_dir that already holds a run, and replace that run. Its files are removed when"
                        + " training begins; a mistake that is found before leaves them as they are.")
        boolean overwrite,

        TrainingArguments training) {

    static final ArgumentSchema SCHEMA = ArgumentSchema.of(Recipe.class);

    public Recipe {
        labels = List.copyOf(labels);
    }

    /** Keys and their documentation, those of {@link TrainingArguments} included. */
    public static ArgumentSchema schema() {
        return SCHEMA;
    }

    /**
     * Reads a training job from a YAML file.
     *
     * @throws dev.attune.error.ConfigException with all mistakes, each with its line
     */
    public static Recipe read(Path yaml) {
        return new RecipeReader().file(yaml).forTraining();
    }

    /** All values by YAML key, those of the training arguments included, as texts, numbers, booleans, lists and nulls. */
    public Map<String, @Nullable Object> toMap() {
        return SCHEMA.values(this);
    }

    /** Where texts are cut: at {@code max_length} if that is set, and never beyond {@code limit}, what the model takes. */
    public int maxLengthWithin(int limit) {
        return maxLength == null ? limit : Math.min(limit, maxLength);
    }

    /** A builder that has the defaults; {@code model} and {@code train} have to be set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that has these values. */
    public Builder toBuilder() {
        return new Builder().fill(this);
    }

    /** Collects values and checks them all at once. */
    public static final class Builder {
        private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

        private Builder() {}

        private Builder fill(Recipe recipe) {
            values.putAll(SCHEMA.components(recipe));
            return this;
        }

        private Builder set(String key, @Nullable Object value) {
            values.put(key, value);
            return this;
        }

        public Builder task(String value) {
            return set("task", value);
        }

        public Builder model(String value) {
            return set("model", value);
        }

        public Builder train(@Nullable String value) {
            return set("train", value);
        }

        public Builder validation(@Nullable String value) {
            return set("validation", value);
        }

        public Builder validationFraction(double value) {
            return set("validation_fraction", value);
        }

        public Builder textColumn(@Nullable String value) {
            return set("text_column", value);
        }

        public Builder textPairColumn(@Nullable String value) {
            return set("text_pair_column", value);
        }

        public Builder labelColumn(@Nullable String value) {
            return set("label_column", value);
        }

        public Builder labels(List<String> value) {
            return set("labels", List.copyOf(value));
        }

        public Builder maxLength(@Nullable Integer value) {
            return set("max_length", value);
        }

        public Builder problemType(@Nullable ProblemType value) {
            return set("problem_type", value);
        }

        public Builder overwrite(boolean value) {
            return set("overwrite", value);
        }

        /** Sets all training arguments. */
        public Builder training(TrainingArguments value) {
            values.putAll(TrainingArguments.SCHEMA.components(value));
            return this;
        }

        /**
         * Checks all values and makes a training job.
         *
         * @throws dev.attune.error.ConfigException with every value that is missing, out of range or contradicts another
         */
        public Recipe build() {
            Mistakes errors = new Mistakes();
            SCHEMA.check(values, errors);
            for (ArgumentKey key : SCHEMA.keys()) {
                if (key.required() && values.get(key.name()) == null) {
                    errors.add(null, key.name() + " is missing.");
                }
            }
            Recipe recipe = SCHEMA.create(Recipe.class, values);
            TrainingRules.check(recipe.training(), key -> null, errors);
            RecipeRules.job(recipe, key -> null, errors);
            errors.throwIfAny();
            return recipe;
        }
    }
}
