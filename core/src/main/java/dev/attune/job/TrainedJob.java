package dev.attune.job;

import dev.attune.data.DataCache;
import dev.attune.data.DataSource;
import dev.attune.data.Dataset;
import dev.attune.data.Encoded;
import dev.attune.data.Examples;
import dev.attune.error.ConfigException;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.task.EvaluationSet;
import dev.attune.task.FineTuned;
import dev.attune.task.Part;
import dev.attune.task.Pipeline;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import dev.attune.tensor.Native;
import dev.attune.text.Tokenizer;
import dev.attune.train.Evaluated;
import dev.attune.train.Evaluator;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is done with a model that was fine-tuned. */
public final class TrainedJob {
    private TrainedJob() {}

    /** As {@link Job#evaluate}, with options. */
    public static Map<String, Double> evaluate(TrainedOptions options, String data, TrainingListener listener) {
        return evaluate(options, DataSource.of(data), listener);
    }

    /** As {@link Job#evaluate} on any source. */
    public static Map<String, Double> evaluate(TrainedOptions options, DataSource data, TrainingListener listener) {
        return evaluate(options, data, null, listener);
    }

    /**
     * As {@link Job#evaluate} with a page for people: results, pictures, the rows on which the model is most wrong, and labels
     * that are likely to be wrong.
     *
     * @param report where to write the HTML file, which quotes the rows; one that is there is replaced. Null for none
     */
    public static Map<String, Double> evaluate(
            TrainedOptions options, DataSource data, @Nullable Path report, TrainingListener listener) {
        if (!options.task().trainable()) {
            throw new ConfigException(
                    "The task " + options.task().key() + " has no right answers to compare with. Use attune predict.");
        }
        FineTuned model = options.model();
        Native.load(model.precision());
        DataCache cache = options.cache();
        Dataset rows = data.read(cache);
        TaskData prepared = JobData.prepare(
                options.task(),
                options.settings(),
                new TaskInput(
                        rows, model.folder().config().withDefaultLabels(), TaskOptions.DEFAULT, TaskInput.SEED, cache));
        LoadedModel loaded = model.folder().load(prepared.head(), ModelConfig::withDefaultLabels);
        try (Tokenizer tokenizer = model.folder().tokenizer()) {
            loaded.requireTrainedHead();
            loaded.requireFits(tokenizer);
            int maxLength = model.maxLengthWithin(loaded.maxLength(tokenizer));
            List<String> notes = new ArrayList<>();
            Consumer<String> tell = note -> {
                notes.add(note);
                listener.onMessage(note);
            };
            tell.accept("Columns: " + prepared.columns() + ".");
            prepared.notes().forEach(tell);
            Encoded encoded = prepared.encode(Part.TEST, rows, tokenizer, maxLength, cache);
            try (Examples examples = encoded.examples()) {
                encoded.notes().forEach(tell);
                Evaluated evaluated = Evaluator.evaluate(
                        prepared.bind(loaded.model(), tokenizer),
                        new EvaluationSet(examples, rows),
                        options.evalBatchSize(),
                        model.precision(),
                        "eval_");
                evaluated.notes().forEach(tell);
                Map<String, Double> results = new LinkedHashMap<>(evaluated.results());
                results.put("eval_samples", (double) rows.size());
                if (report != null) {
                    new EvaluationPage(options, prepared, rows, notes).write(report, results, evaluated.artifacts());
                }
                return results;
            }
        } finally {
            loaded.model().close();
        }
    }

    /** The model, ready to answer; the caller closes it. */
    public static Pipeline<?, ?> pipeline(TrainedOptions options) {
        return options.task().pipeline(options.model(), options.prediction());
    }
}
