package dev.attune.job;

import dev.attune.data.Columns;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.Example;
import dev.attune.data.TextColumns;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.hub.Hub;
import dev.attune.hub.ModelFiles;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.model.Models;
import dev.attune.task.Labels;
import dev.attune.task.ProblemType;
import dev.attune.task.TextClassification;
import dev.attune.task.TextEncoder;
import dev.attune.task.TrainableTask;
import dev.attune.tensor.Cpu;
import dev.attune.tensor.DType;
import dev.attune.tensor.Native;
import dev.attune.tensor.Rng;
import dev.attune.text.Tokenizer;
import dev.attune.train.RunFolder;
import dev.attune.train.RunInfo;
import dev.attune.train.TrainSummary;
import dev.attune.train.Trainer;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A recipe carried out from the first file read to the last file written. Reads top to bottom: folder, data, model,
 * training, results.
 *
 * <pre>{@code
 * TrainSummary done = Job.train(Recipe.read(Path.of("my.yaml")), TrainingListener.SILENT);
 * }</pre>
 */
public final class Job {
    private Job() {}

    /** Trains and leaves a run folder with the model in {@code output_dir}. */
    public static TrainSummary train(Recipe recipe, TrainingListener listener) {
        return train(recipe, () -> Prepared.read(recipe), listener);
    }

    /**
     * As {@link #train(Recipe, TrainingListener)} on rows that the caller has: of a database, or made in Java. {@code
     * train} and {@code validation} of the recipe are then only what records and reports call them.
     *
     * <pre>{@code
     * Dataset rows = Datasets.jdbc("jdbc:postgresql://host/shop", "SELECT body AS text, stars AS label FROM review");
     * Recipe recipe = Recipe.builder().model("minilm").train("reviews").validationFraction(0.1).build();
     * Job.train(recipe, rows, null, TrainingListener.SILENT);
     * }</pre>
     *
     * @param validation null if the recipe names none; {@code validation_fraction} then splits {@code train}
     * @throws ConfigException if the recipe names validation data and there are none, or the other way round
     */
    public static TrainSummary train(
            Recipe recipe, Dataset train, @Nullable Dataset validation, TrainingListener listener) {
        if ((recipe.validation() == null) != (validation == null)) {
            throw new ConfigException(
                    validation == null
                            ? "validation is \"" + recipe.validation()
                                    + "\" in the recipe, but no validation rows were given. Give both or neither."
                            : "Validation rows were given, but the recipe has no validation to call them by. Set"
                                    + " validation to a name for them, such as \"" + validation.name() + "\".");
        }
        return train(recipe, () -> Prepared.of(recipe, train, validation), listener);
    }

    private static TrainSummary train(Recipe recipe, Supplier<Prepared> rows, TrainingListener listener) {
        TrainingArguments args = recipe.training();
        // Loading libtorch takes as long as reading data and encoding it: do both at once.
        CompletableFuture<Void> natives = CompletableFuture.runAsync(() -> Native.load(precision(args)));
        try (RunFolder folder = RunFolder.create(args.outputDir(), recipe.overwrite())) {
            ModelFiles files = Hub.resolve(recipe.model());
            requireApart(folder.directory(), files.directory());
            Prepared data = rows.get();
            try (Tokenizer tokenizer = Tokenizer.load(files.directory())) {
                int maxLength = recipe.maxLengthWithin(
                        ModelConfig.read(files.directory()).maxLength(tokenizer.modelMaxLength()));
                List<Example> train = data.encodeTrain(tokenizer, maxLength);
                List<Example> validation = data.encodeValidation(tokenizer, maxLength);

                join(natives);
                Rng.seed(args.seed()); // before the head is initialised, so that the seed decides it too
                LoadedModel loaded = Models.sequenceClassifier(
                        files.directory(), data.labels().names());
                try {
                    loaded.requireFits(tokenizer);
                    TextClassification task = new TextClassification(
                            loaded.model(),
                            data.labels().problem(),
                            data.labels().names());
                    Trainer trainer =
                            new Trainer(args, task, train, validation, new RecordingListener(listener, folder));
                    Provenance provenance = Provenance.of(recipe, files, data, tokenizer, maxLength);
                    folder.begin(provenance.toMap());
                    listener.onTrainBegin(new RunInfo(
                            recipe.model(),
                            recipe.task(),
                            train.size(),
                            validation.size(),
                            loaded.model().parameterCount(),
                            loaded.model().parameterCount(),
                            trainer.plan().totalSteps(),
                            (double) trainer.plan().totalSteps()
                                    / trainer.plan().stepsPerEpoch(),
                            "cpu",
                            args.bf16() ? "bf16" : "float32",
                            Native.threads()));
                    loaded.notes().forEach(listener::onMessage);
                    data.notes().forEach(listener::onMessage);
                    if (args.bf16() && Cpu.here().lacksBfloat16()) {
                        listener.onMessage("bf16 is on, but this CPU has no instructions for it: training takes two to"
                                + " four times as long as without. Leave bf16 off on this machine.");
                    }
                    if (!loaded.untrained().isEmpty()) {
                        listener.onMessage("New and untrained: " + String.join(", ", loaded.untrained()) + ".");
                    }

                    Trainer.Result result = trainer.run();

                    return new RunReport(recipe, data, files, folder, provenance)
                            .write(result, task, tokenizer, listener);
                } finally {
                    loaded.model().close();
                }
            }
        }
    }

    /**
     * Metrics of a fine-tuned model on data with labels, with the keys of Hugging Face ({@code eval_accuracy}, …).
     *
     * @param options columns and batch size; {@code train} is not read
     * @param listener hears the notes about the data: texts that were cut, characters that were replaced
     */
    public static Map<String, Double> evaluate(Path model, String data, Recipe options, TrainingListener listener) {
        Native.load(precision(options.training()));
        Dataset dataset = Datasets.read(data);
        Path directory = Hub.resolve(model.toString()).directory();
        LoadedModel loaded = Models.sequenceClassifier(directory);
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            loaded.requireTrainedHead();
            loaded.requireFits(tokenizer);
            List<String> names = loaded.model().config().labels();
            ProblemType problem = ProblemType.of(loaded.model().config());
            TextClassification task = new TextClassification(loaded.model(), problem, names);
            TextColumns columns = Columns.findTextColumns(
                    dataset, options.textColumn(), options.textPairColumn(), options.labelColumn(), true);
            int maxLength = options.maxLengthWithin(loaded.maxLength(tokenizer));
            TextEncoder.Encoded encoded = new TextEncoder(tokenizer, maxLength)
                    .encode(
                            dataset,
                            columns.text(),
                            columns.textPair(),
                            new Labels(problem, names).read(dataset, columns.label()));
            encoded.notes().forEach(listener::onMessage);
            List<Example> examples = encoded.examples();
            TrainableTask.Evaluation metrics = task.evaluation();
            Map<String, Double> results = new LinkedHashMap<>(Trainer.evaluate(
                    task,
                    metrics,
                    examples,
                    options.training().perDeviceEvalBatchSize(),
                    precision(options.training()),
                    "eval_"));
            results.put("eval_samples", (double) examples.size());
            return results;
        } finally {
            loaded.model().close();
        }
    }

    /** The model that a run begins with must not be lost to the model it ends with. */
    private static void requireApart(Path output, Path model) {
        try {
            if (!output.toRealPath().equals(model.toRealPath())) return;
        } catch (IOException e) {
            throw new ConfigException("output_dir " + output + " cannot be read (" + e + ").", e);
        }
        throw new ConfigException("output_dir " + output
                + " is the folder of the pretrained model, which would be overwritten. Choose another folder.");
    }

    private static DType precision(TrainingArguments args) {
        return args.bf16() ? DType.BFLOAT16 : DType.FLOAT32;
    }

    private static void join(CompletableFuture<Void> natives) {
        try {
            natives.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ConfigException known) throw known;
            throw new CheckpointException("libtorch could not be loaded: " + e.getCause() + ".", e);
        }
    }
}
