package dev.attune.job;

import dev.attune.adapt.Lora;
import dev.attune.adapt.LoraConfig;
import dev.attune.data.Dataset;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.model.DropoutRates;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.report.TensorBoard;
import dev.attune.tensor.Native;
import dev.attune.tensor.Rng;
import dev.attune.text.Tokenizer;
import dev.attune.train.ReportTo;
import dev.attune.train.RunFolder;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import dev.attune.train.TrainingOrder;
import dev.attune.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
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
        return train(recipe, Hooks.NONE, listener);
    }

    /** As {@link #train(Recipe, TrainingListener)} with a loss or metrics of the caller. */
    public static TrainSummary train(Recipe recipe, Hooks hooks, TrainingListener listener) {
        return train(recipe, kept -> JobData.read(kept, hooks), hooks, listener);
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
        return train(recipe, train, validation, Hooks.NONE, listener);
    }

    /** As {@link #train(Recipe, Dataset, Dataset, TrainingListener)} with a loss or metrics of the caller. */
    public static TrainSummary train(
            Recipe recipe, Dataset train, @Nullable Dataset validation, Hooks hooks, TrainingListener listener) {
        JobArguments job = recipe.job();
        if ((job.validation() == null) != (validation == null)) {
            throw new ConfigException(
                    validation == null
                            ? "validation is \"" + job.validation().describe()
                                    + "\" in the recipe, but no validation rows were given. Give both or neither."
                            : "Validation rows were given, but the recipe has no validation to call them by. Set"
                                    + " validation to a name for them, such as \"" + validation.name() + "\".");
        }
        return train(recipe, kept -> JobData.of(kept, hooks, train, validation, JobData.cache(job)), hooks, listener);
    }

    private static TrainSummary train(
            Recipe asked, Function<Recipe, JobData> rows, Hooks hooks, TrainingListener listener) {
        // The folder first: what is in it decides what this run is, and must not change meanwhile.
        try (RunFolder folder = RunFolder.open(asked.training().outputDir())) {
            Resumption resumption = Resumption.of(asked.job().resumeFromCheckpoint(), folder.directory());
            Recipe recipe = resumption.recipe(asked);
            // Going on in the same folder keeps what is there.
            if (!resumption.isIn(folder.directory()) && !resumption.mayReplace(recipe.job())) folder.requireFree();
            return train(folder, resumption, recipe, rows, hooks, listener);
        }
    }

    private static TrainSummary train(
            RunFolder folder,
            Resumption resumption,
            Recipe chosen,
            Function<Recipe, JobData> rows,
            Hooks hooks,
            TrainingListener listener) {
        Recipe recipe = chosen.forThisMachine();
        TrainingArguments args = recipe.training();
        // Loading libtorch takes as long as reading data and encoding it: do both at once.
        CompletableFuture<Void> natives = CompletableFuture.runAsync(() -> Native.load(args.precision()));
        JobModel model = JobModel.of(recipe.job());
        requireApart(folder.directory(), model.directory());
        JobData read = rows.apply(recipe);
        // What the recipe says of dropout is wrong before all rows are encoded, or not at all.
        ModelConfig config = model.configure(model.config(), read.task());
        Map<String, Double> dropout = DropoutRates.inForce(config, read.task().head());
        try (Tokenizer tokenizer = model.tokenizer();
                EncodedSets sets = EncodedSets.of(
                        read, tokenizer, model.maxLength(tokenizer, recipe.job().maxLength()));
                TensorBoard board = new TensorBoard(folder.directory(), listener)) {
            JobData data = read.trainedOn(sets.train().examples());
            TrainingOrder order = TrainingOrder.of(args, sets.train().examples(), data.task());
            // What the numbers of the recipe make impossible is said before a model loads and an older run goes.
            TrainingPlan plan = TrainingPlan.of(args, order.size());
            join(natives);
            resumption.resumeThreads();
            Rng.seed(args.seed()); // before the head is initialised, so that the seed decides it too
            LoadedModel loaded = model.load(data.task());
            try {
                loaded.requireFits(tokenizer);
                LoraConfig adapters = recipe.job().lora();
                Lora lora = adapters == null ? null : model.adapt(loaded, adapters);
                StartNotes notes = new StartNotes(data, sets, loaded, args.precision())
                        .dropout(model.dropout(), dropout)
                        .precision(chosen.training().mixedPrecision())
                        .and(lora == null ? List.of() : lora.notes())
                        .and(order.notes())
                        .and(resumption.notes());
                return new TrainingJob(folder, resumption, recipe, hooks, model, data, sets, tokenizer, loaded)
                        .train(plan, dropout, lora, notes.sentences(), isReported(args) ? board : listener);
            } finally {
                loaded.model().close();
            }
        }
    }

    private static boolean isReported(TrainingArguments args) {
        return args.reportTo() == ReportTo.TENSORBOARD;
    }

    /**
     * Metrics of a fine-tuned model on data with labels, with the keys of Hugging Face ({@code eval_accuracy}, …). Task,
     * columns and length limit are those of the run that made the model, where it wrote them down.
     *
     * @param listener hears the notes about the data: texts that were cut, characters that were replaced
     */
    public static Map<String, Double> evaluate(Path model, String data, TrainingListener listener) {
        return TrainedJob.evaluate(TrainedOptions.of(model.toString()), data, listener);
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

    private static void join(CompletableFuture<Void> natives) {
        try {
            natives.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ConfigException known) throw known;
            throw new CheckpointException("libtorch could not be loaded: " + e.getCause() + ".", e);
        }
    }
}
