package dev.attune.job;

import dev.attune.data.Dataset;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.model.DropoutRates;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.report.TensorBoard;
import dev.attune.task.Task;
import dev.attune.tensor.Cpu;
import dev.attune.tensor.DType;
import dev.attune.tensor.Native;
import dev.attune.tensor.Rng;
import dev.attune.text.Tokenizer;
import dev.attune.train.Evaluated;
import dev.attune.train.Evaluator;
import dev.attune.train.MixedPrecision;
import dev.attune.train.ReportTo;
import dev.attune.train.RunFolder;
import dev.attune.train.RunInfo;
import dev.attune.train.TrainSummary;
import dev.attune.train.Trainer;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import dev.attune.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
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
        TrainerControl control = hooks.control() == null ? new TrainerControl() : hooks.control();
        Recipe recipe = chosen.forThisMachine();
        TrainingArguments args = recipe.training();
        DType precision = args.precision();
        // Loading libtorch takes as long as reading data and encoding it: do both at once.
        CompletableFuture<Void> natives = CompletableFuture.runAsync(() -> Native.load(precision));
        JobModel model = JobModel.of(recipe.job());
        requireApart(folder.directory(), model.directory());
        JobData data = rows.apply(recipe);
        // What the recipe says of dropout is wrong before all rows are encoded, or not at all.
        ModelConfig config = model.configure(model.config(), data.task());
        Map<String, Double> dropout = DropoutRates.inForce(config, data.task().head());
        try (Tokenizer tokenizer = model.tokenizer();
                EncodedSets sets = EncodedSets.of(
                        data, tokenizer, model.maxLength(tokenizer, recipe.job().maxLength()));
                TensorBoard board = new TensorBoard(folder.directory(), listener)) {
            // What the numbers of the recipe make impossible is said before a model loads and an older run goes.
            TrainingPlan plan = TrainingPlan.of(args, sets.train().examples().size());
            join(natives);
            resumption.resumeThreads();
            Rng.seed(args.seed()); // before the head is initialised, so that the seed decides it too
            LoadedModel loaded = model.load(data.task());
            try {
                loaded.requireFits(tokenizer);
                Task task = data.task().bind(loaded.model(), tokenizer);
                Provenance provenance = Provenance.of(recipe, model, data, tokenizer, sets.maxLength());
                provenance.dropout(dropout);
                begin(folder, provenance, resumption, recipe.job().onChange());
                boolean isReported = args.reportTo() == ReportTo.TENSORBOARD;
                RecordingListener recorder = new RecordingListener(isReported ? board : listener, folder, provenance);
                Trainer trainer = new Trainer(
                                args, task, sets.train().examples(), sets.validationSets(), recorder, control)
                        .savingTo(
                                folder.directory(),
                                checkpoint -> {
                                    loaded.model().save(checkpoint);
                                    tokenizer.save(checkpoint);
                                    RunFolder.record(checkpoint, provenance.withModelHashes());
                                },
                                Map.of("record", recorder));
                recorder.onTrainBegin(info(recipe, data, sets, loaded, plan));
                tell(recorder, data, sets, loaded, precision);
                if (!model.dropout().equals(DropoutRates.NONE)) recorder.onMessage(dropoutNote(dropout));
                if (chosen.training().mixedPrecision() == MixedPrecision.AUTO) {
                    recorder.onMessage(MixedPrecision.reason(Cpu.here()));
                }
                resumption.notes().forEach(recorder::onMessage);

                Path checkpoint = resumption.checkpoint();
                Trainer.Result result = checkpoint == null ? trainer.run() : trainer.resume(checkpoint);
                Evaluated tested = sets.testSet().isEmpty()
                        ? null
                        : loaded.model()
                                .inType(
                                        args.evaluationWeights(),
                                        () -> Evaluator.evaluate(
                                                task,
                                                sets.testSet(),
                                                args.perDeviceEvalBatchSize(),
                                                precision,
                                                "test_",
                                                control));

                recorder.draw();
                TrainSummary summary = new RunReport(recipe, data, model, folder, provenance, recorder)
                        .write(result, tested, loaded.model(), tokenizer);
                recorder.onTrainEnd(summary);
                return summary;
            } finally {
                loaded.model().close();
            }
        }
    }

    private static void begin(RunFolder folder, Provenance provenance, Resumption resumption, OnChange onChange) {
        if (resumption.checkpoint() != null) {
            resumption.compare(provenance.withModelHashes(), onChange);
            provenance.resumes(resumption.run(), resumption.checkpoint());
        }
        if (resumption.isIn(folder.directory())) folder.goOn(provenance.toMap());
        else folder.begin(provenance.toMap());
    }

    private static RunInfo info(Recipe recipe, JobData data, EncodedSets sets, LoadedModel loaded, TrainingPlan plan) {
        return new RunInfo(
                recipe.job().model().describe(),
                recipe.task().key(),
                data.task().columns(),
                sets.train().examples().size(),
                sets.validationSets().size(),
                loaded.model().parameterCount(),
                loaded.model().parameterCount(),
                plan.totalSteps(),
                plan.epochs(),
                "cpu",
                switch (recipe.training().precision()) {
                    case BFLOAT16 -> "bf16";
                    case FLOAT16 -> "fp16";
                    default -> "float32";
                },
                Native.threads());
    }

    private static String dropoutNote(Map<String, Double> rates) {
        return rates.entrySet().stream()
                .map(rate -> rate.getKey() + " " + rate.getValue())
                .collect(Collectors.joining(", ", "Dropout in training: ", "."));
    }

    private static void tell(
            TrainingListener listener, JobData data, EncodedSets sets, LoadedModel loaded, DType precision) {
        loaded.notes().forEach(listener::onMessage);
        data.task().notes().forEach(listener::onMessage);
        sets.notes().forEach(listener::onMessage);
        if (precision == DType.BFLOAT16 && Cpu.here().lacksBfloat16()) {
            listener.onMessage("bf16 is on, but this CPU has no instructions for it: training takes two to"
                    + " four times as long as without. Leave bf16 off on this machine.");
        }
        if (precision == DType.FLOAT16 && !Cpu.here().hasFloat16()) {
            listener.onMessage(
                    "fp16 is on, but this CPU has no instructions for it: training takes several times as long as"
                            + " without. "
                            + (Cpu.here().hasBfloat16()
                                    ? "bf16 is fast on this machine."
                                    : "Leave fp16 off on this machine."));
        }
        if (!loaded.untrained().isEmpty() && !loaded.report().loaded().isEmpty()) {
            listener.onMessage("New and untrained: " + String.join(", ", loaded.untrained()) + ".");
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
