package dev.attune.job;

import dev.attune.data.DataCache;
import dev.attune.data.DataSource;
import dev.attune.data.Dataset;
import dev.attune.data.Examples;
import dev.attune.data.Split;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a job: read, split, cut to the wanted number, and what the task found out about them.
 *
 * @param namedValidation the rows of {@code validation_sets}
 */
record JobData(
        TaskData task,
        Dataset train,
        @Nullable Dataset validation,
        Map<String, Dataset> namedValidation,
        @Nullable Dataset test,
        DataCache cache) {

    /** The data that the recipe names. */
    static JobData read(Recipe recipe, Hooks hooks) {
        DataCache cache = cache(recipe.job());
        JobArguments job = recipe.job();
        return of(recipe, hooks, read(job.train(), cache), read(job.validation(), cache), cache);
    }

    /** The same with what the task takes from the encoded training rows. */
    JobData trainedOn(Examples encoded) {
        return new JobData(task.trainedOn(encoded), train, validation, namedValidation, test, cache);
    }

    /** All but the training data, by what records and messages call them: {@code validation}, {@code validation_NAME}, {@code test}. */
    Map<String, Dataset> others() {
        Map<String, Dataset> others = new LinkedHashMap<>();
        if (validation != null) others.put("validation", validation);
        namedValidation.forEach((name, rows) -> others.put("validation_" + name, rows));
        if (test != null) others.put("test", test);
        return others;
    }

    static DataCache cache(JobArguments job) {
        return job.dataCache() ? DataCache.standard() : DataCache.off();
    }

    private static @Nullable Dataset read(@Nullable DataSource source, DataCache cache) {
        return source == null ? null : source.read(cache);
    }

    /** @param validation null: the recipe's share of all rows, if any, is split off */
    static JobData of(Recipe recipe, Hooks hooks, Dataset all, @Nullable Dataset validation, DataCache cache) {
        JobArguments job = recipe.job();
        // Before the split: a rare label that falls into the validation part only is a label all the same.
        TaskInput input = new TaskInput(
                all, null, recipe.options(hooks), recipe.training().seed(), cache);
        TaskData task = prepare(recipe.task(), recipe.settings(), input);
        Dataset train = all;
        if (validation == null && job.validationFraction() > 0) {
            Split split = all.split(job.validationFraction(), recipe.training().seed());
            train = split.train();
            validation = split.validation();
        }
        Map<String, Dataset> named = new LinkedHashMap<>();
        job.namedValidation()
                .forEach((name, source) -> named.put(name, first(source.read(cache), job.maxEvalSamples())));
        return new JobData(
                task,
                first(train, job.maxTrainSamples()),
                validation == null ? null : first(validation, job.maxEvalSamples()),
                named,
                job.test() == null ? null : first(read(job.test(), cache), job.maxEvalSamples()),
                cache);
    }

    static <S extends Record> TaskData prepare(TaskType<S> type, Record settings, TaskInput input) {
        return type.prepare(type.settings().cast(settings), input);
    }

    static Dataset first(Dataset rows, @Nullable Integer count) {
        return count == null || count >= rows.size()
                ? rows
                : rows.select(IntStream.range(0, count).toArray());
    }
}
