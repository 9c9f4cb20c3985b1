package dev.attune.job;

import dev.attune.adapt.LoraConfig;
import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import dev.attune.data.DataSource;
import dev.attune.model.DropoutRates;
import dev.attune.task.Tasks;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of a recipe that any task has, besides those of {@link dev.attune.train.TrainingArguments}. */
@RecordBuilder
public record JobArguments(
        @Argument(group = "Job", initial = Tasks.DEFAULT, common = true, doc = "What the model learns to do.")
        String task,

        @Argument(
                group = "Job",
                required = true,
                common = true,
                path = true,
                example = "minilm",
                doc = "The pretrained model. A folder, maven:group:artifact:version, or one of the built-in names that"
                        + " attune doctor lists. Names of the Hugging Face Hub (org/name) are for a later version:"
                        + " download the files into a folder. With the keys config and tokenizer below it, a model that"
                        + " begins untrained.")
        @Nullable
        ModelChoice model,

        @Argument(
                group = "Job",
                range = "[0, 1)",
                example = "0.2",
                doc = "Dropout after embeddings and layers in training. Without it the model's own, mostly 0.1."
                        + " What is in force stands in run.json and in the config.json that is saved.")
        @Nullable
        Double hiddenDropout,

        @Argument(
                group = "Job",
                range = "[0, 1)",
                example = "0.2",
                doc = "Dropout of attention in training: of what a token takes from others. Without it the model's own,"
                        + " mostly 0.1.")
        @Nullable
        Double attentionDropout,

        @Argument(
                group = "Job",
                range = "[0, 1)",
                example = "0.3",
                doc = "Dropout before the last layer of a classifier in training. Without it the model's own, for BERT"
                        + " that of hidden_dropout. A head that has none refuses the key.")
        @Nullable
        Double classifierDropout,

        @Argument(
                group = "Job",
                required = true,
                common = true,
                path = true,
                example = "train.csv",
                doc = "Training data. A CSV, TSV, JSON, JSON Lines or Parquet file, a pattern for several"
                        + " (data/part-*.csv), or an SQL query. A text file (.txt) is read as well, but a line of it has"
                        + " no label. A file, or the files of a pattern, are looked for beside the recipe, then in the"
                        + " working directory; the files of a query only there. With the keys jdbc and query below it,"
                        + " rows of any database.")
        @Nullable
        DataSource train,

        @Argument(
                group = "Job",
                common = true,
                path = true,
                example = "validation.csv",
                doc = "Validation data, in the same forms as train. The metrics are computed on it.")
        @Nullable
        DataSource validation,

        @Argument(
                group = "Job",
                path = true,
                example = "arabic=ar.csv, long=long.csv",
                doc = "More validation data, each with a name and evaluated by itself. An entry is name=source, and a"
                        + " source is a file, a pattern or SQL, as for train. The results are called"
                        + " eval_arabic_accuracy and so on. validation may stand beside it or be left out; then"
                        + " metric_for_best_model has to name one of these results.")
        List<String> validationSets,

        @Argument(
                group = "Job",
                path = true,
                example = "test.csv",
                doc = "Test data, in the same forms as train. Evaluated once, at the end; the results are called"
                        + " test_accuracy and so on.")
        @Nullable
        DataSource test,

        @Argument(
                group = "LoRA",
                alone = "true",
                example = "r=16,alpha=32",
                doc = "Train small adapters beside the model's weights, which stay as they are. true, a list such as"
                        + " r=16,alpha=32, or keys below it, with PEFT's names and defaults. The run folder then holds the"
                        + " adapter in PEFT's layout, and names its base model.")
        @Nullable
        LoraConfig lora,

        @Argument(
                group = "Data",
                initial = "0.0",
                range = "[0, 1)",
                example = "0.1",
                doc = "Share of the training data that is split off as validation data. The split depends on seed only;"
                        + " 0 splits nothing off.")
        double validationFraction,

        @Argument(
                group = "Data",
                range = "[1, inf)",
                example = "1000",
                doc =
                        "Train on the first so many rows only, to try something out. Labels are still taken from all rows.")
        @Nullable
        Integer maxTrainSamples,

        @Argument(
                group = "Data",
                range = "[1, inf)",
                example = "1000",
                doc = "Evaluate on the first so many rows only.")
        @Nullable
        Integer maxEvalSamples,

        @Argument(
                group = "Data",
                range = "[3, inf)",
                common = true,
                example = "128",
                doc =
                        "Longest input in tokens, special tokens included; longer texts are cut. Without it the model's own"
                                + " limit; a larger number is lowered to that limit.")
        @Nullable
        Integer maxLength,

        @Argument(
                group = "Data",
                initial = "true",
                doc = "Keep large data in encoded form for the next run, beside the models in the cache folder. The log"
                        + " says where; the environment variable ATTUNE_CACHE_LIMIT bounds the size.")
        boolean dataCache,

        @Argument(
                group = "Run folder",
                initial = "false",
                doc = "Allow an output_dir that already holds a run, and replace that run. Its files are removed when"
                        + " training begins; a mistake that is found before leaves them as they are.")
        boolean overwrite,

        @Argument(
                group = "Run folder",
                path = true,
                alone = "auto",
                example = "auto",
                doc =
                        "Go on with the run in output_dir, from its newest checkpoint that is whole. It ends as if it had not"
                                + " been interrupted. Where there is no checkpoint, auto (or true) starts anew and must fails. The"
                                + " folder of a checkpoint goes on from that one. It wins over overwrite.")
        @Nullable
        String resumeFromCheckpoint,

        @Argument(
                group = "Run folder",
                initial = "refuse",
                doc =
                        "What to do if a run that goes on has other values than before. refuse shows them and ends; keep takes"
                                + " the arguments of before; apply takes the new ones, and data and model as they are now.")
        OnChange onChange) {

    static final ArgumentSchema SCHEMA = ArgumentSchema.of(JobArguments.class);

    static final JobArguments DEFAULTS = SCHEMA.create(JobArguments.class, Map.of());

    public JobArguments {
        Contradictions wrong = new Contradictions();
        wrong.range(SCHEMA, "hidden_dropout", hiddenDropout);
        wrong.range(SCHEMA, "attention_dropout", attentionDropout);
        wrong.range(SCHEMA, "classifier_dropout", classifierDropout);
        wrong.range(SCHEMA, "validation_fraction", validationFraction);
        wrong.range(SCHEMA, "max_train_samples", maxTrainSamples);
        wrong.range(SCHEMA, "max_eval_samples", maxEvalSamples);
        wrong.range(SCHEMA, "max_length", maxLength);
        wrong.range(SCHEMA, "validation_sets", validationSets);
        validationSets = List.copyOf(validationSets);
        for (String sentence : NamedSource.mistakes("validation_sets", validationSets)) {
            wrong.add(sentence, "validation_sets");
        }
        if (validation != null && validationFraction > 0) {
            wrong.add(
                    "validation and validation_fraction are both set. Keep validation for a file of its own, or"
                            + " validation_fraction to split it off the training data.",
                    "validation_fraction",
                    "validation");
        }
        if (model != null) {
            boolean untrained = model.config() != null || model.tokenizer() != null;
            if (model.text() != null && untrained) {
                wrong.add(
                        "model names a pretrained model, and model_config or model_tokenizer an untrained one. Keep one"
                                + " of the two.",
                        "model",
                        "model_config",
                        "model_tokenizer");
            } else if (untrained && (model.config() == null || model.tokenizer() == null)) {
                wrong.add(
                        "An untrained model needs both model_config, a config.json, and model_tokenizer, the folder of a"
                                + " tokenizer.",
                        "model_config",
                        "model_tokenizer");
            }
        }
        if (lora != null && !lora.isOn()) lora = null;
        if (lora != null && model != null && model.text() == null) {
            wrong.add(
                    "lora trains adapters beside pretrained weights, but model_config begins with random ones, which would"
                            + " never be trained. Delete lora, or name a pretrained model.",
                    "lora",
                    "model",
                    "model_config");
        }
        sources(wrong, "train", train);
        sources(wrong, "validation", validation);
        sources(wrong, "test", test);
        wrong.throwIfAny();
    }

    /** What is dropped in training, in place of what the model's config says. */
    DropoutRates dropout() {
        return new DropoutRates(hiddenDropout, attentionDropout, classifierDropout);
    }

    /** The sources of {@code validation_sets} by their names. */
    Map<String, DataSource> namedValidation() {
        return NamedSource.byName(validationSets);
    }

    private static void sources(Contradictions wrong, String key, @Nullable DataSource source) {
        if (source == null) return;
        for (String sentence : source.mistakes(key)) {
            wrong.add(
                    sentence,
                    key,
                    key + "_jdbc",
                    key + "_query",
                    key + "_user",
                    key + "_password_env",
                    key + "_password_file");
        }
    }
}
