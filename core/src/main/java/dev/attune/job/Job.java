package dev.attune.job;

import dev.attune.data.Dataset;
import dev.attune.error.ConfigException;
import dev.attune.report.TensorBoard;
import dev.attune.train.ReportTo;
import dev.attune.train.RunFolder;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
            Recipe recipe,
            Function<Recipe, JobData> rows,
            Hooks hooks,
            TrainingListener listener) {
        try (OpenJob job = OpenJob.of(recipe, folder.directory(), resumption, rows);
                TensorBoard board = new TensorBoard(folder.directory(), listener)) {
            resumption.resumeThreads();
            StartNotes notes = new StartNotes(job)
                    .precision(recipe.training().mixedPrecision())
                    .and(job.lora() == null ? List.of() : job.lora().notes())
                    .and(job.order().notes());
            boolean isReported = recipe.training().reportTo() == ReportTo.TENSORBOARD;
            return new TrainingJob(job, folder, resumption, hooks)
                    .train(notes.sentences(), isReported ? board : listener);
        }
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
}
