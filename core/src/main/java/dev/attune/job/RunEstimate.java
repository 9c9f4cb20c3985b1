package dev.attune.job;

import dev.attune.adapt.LoraConfig;
import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Examples;
import dev.attune.error.DataException;
import dev.attune.job.doctor.Estimate;
import dev.attune.model.LoadedModel;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Findings;
import dev.attune.task.Part;
import dev.attune.task.Task;
import dev.attune.tensor.Native;
import dev.attune.tensor.Rng;
import dev.attune.text.Tokenizer;
import dev.attune.train.Checkpoints;
import java.util.Iterator;
import java.util.stream.IntStream;

/** What a job would take: its model is loaded and trained for some steps, and let go. */
record RunEstimate(Recipe recipe, JobModel model, JobData data, Tokenizer tokenizer, int maxLength) {
    /** Rows whose evaluation is timed. */
    private static final int EVALUATED = 128;

    /**
     * @param sample examples that the training would see
     * @param all how many there are in all
     */
    Findings of(Examples sample, double all) {
        Native.load(recipe.training().precision());
        // What the doctor kept of the rows is not what a training takes: the memory of the process is to tell of that.
        System.gc();
        Rng.seed(recipe.training().seed());
        LoadedModel loaded = model.load(data.task());
        try {
            loaded.requireFits(tokenizer);
            LoraConfig adapters = recipe.job().lora();
            if (adapters != null) model.adapt(loaded, adapters);
            Task task = data.task().bind(loaded.model(), tokenizer);
            Estimate estimate = new Estimate(recipe.training(), task, sample, all, written(task));
            int test = data.test() == null ? 0 : data.test().size();
            int validation =
                    data.others().values().stream().mapToInt(Dataset::size).sum() - test;
            Iterator<Dataset> others = data.others().values().iterator();
            if (!others.hasNext()) return estimate.run(EvaluationSet.NONE, 0, 0, 0);
            Dataset rows = some(others.next());
            try (Examples examples = encoded(rows)) {
                return estimate.run(new EvaluationSet(examples, rows), rows.size(), validation, test);
            }
        } finally {
            loaded.model().close();
        }
    }

    /** Bytes of the weights at the end: of the adapters alone, unless they are to be merged. */
    private long written(Task task) {
        LoraConfig adapters = recipe.job().lora();
        return adapters != null && adapters.merge()
                ? Checkpoints.WEIGHT_BYTES * task.model().parameterCount()
                : Checkpoints.modelBytes(task.model());
    }

    /** Nothing where so few rows are nothing to evaluate on: no token of them may have been chosen to be guessed. */
    private Examples encoded(Dataset rows) {
        try {
            return data.task()
                    .encode(Part.VALIDATION, rows, tokenizer, maxLength, DataCache.off())
                    .examples();
        } catch (DataException e) {
            return EvaluationSet.NONE.examples();
        }
    }

    /** Rows from all parts of a set. */
    private static Dataset some(Dataset rows) {
        int count = Math.min(EVALUATED, rows.size());
        return rows.select(IntStream.range(0, count)
                .map(i -> (int) ((long) i * rows.size() / count))
                .toArray());
    }
}
