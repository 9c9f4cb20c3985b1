package dev.attune.job;

import dev.attune.adapt.Lora;
import dev.attune.adapt.LoraConfig;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.model.DropoutRates;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.task.Task;
import dev.attune.tensor.Native;
import dev.attune.tensor.Rng;
import dev.attune.text.Tokenizer;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingOrder;
import dev.attune.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a training needs, opened: rows read and encoded, the model loaded, adapters added. Whatever is wrong with a recipe is
 * said here, the cheap before the dear.
 *
 * @param recipe with what depends on the machine decided
 * @param dropout in force, by the names of the model's config
 * @param lora what was added to the model; null for a whole training
 */
record OpenJob(
        Recipe recipe,
        JobModel model,
        JobData data,
        Tokenizer tokenizer,
        EncodedSets sets,
        TrainingOrder order,
        TrainingPlan plan,
        Map<String, Double> dropout,
        LoadedModel loaded,
        @Nullable Lora lora)
        implements AutoCloseable {
    /**
     * @param output where results will be written: not the folder of the model
     * @param resumption what the run goes on from
     * @param rows reads the data
     */
    static OpenJob of(Recipe asked, Path output, Resumption resumption, Function<Recipe, JobData> rows) {
        Recipe recipe = asked.forThisMachine();
        TrainingArguments args = recipe.training();
        // Loading libtorch takes as long as reading data and encoding it: do both at once.
        CompletableFuture<Void> natives =
                CompletableFuture.runAsync(() -> Native.load(args.precision(), resumption.threadsBefore()));
        JobModel model = JobModel.of(recipe.job());
        requireApart(output, model.directory());
        JobData read = rows.apply(recipe);
        // What the recipe says of dropout is wrong before all rows are encoded, or not at all.
        Map<String, Double> dropout = DropoutRates.inForce(
                model.configure(model.config(), read.task()), read.task().head());
        Tokenizer tokenizer = model.tokenizer();
        EncodedSets sets = null;
        LoadedModel loaded = null;
        try {
            sets = EncodedSets.of(
                    read, tokenizer, model.maxLength(tokenizer, recipe.job().maxLength()));
            JobData data = read.trainedOn(sets.train().examples());
            TrainingOrder order = TrainingOrder.of(args, sets.train().examples(), data.task());
            // What the numbers of the recipe make impossible is said before a model loads and an older run goes.
            TrainingPlan plan = TrainingPlan.of(args, order.size());
            order.begin(resumption.epoch(plan));
            join(natives);
            Rng.seed(args.seed()); // before the head is initialised, so that the seed decides it too
            loaded = model.load(data.task());
            loaded.requireFits(tokenizer);
            ModelConfig config = loaded.model().config();
            if (config.has("pad_token_id")) tokenizer.padWith(config.integer("pad_token_id", 0));
            LoraConfig adapters = recipe.job().lora();
            Lora lora = adapters == null ? null : model.adapt(loaded, adapters);
            return new OpenJob(recipe, model, data, tokenizer, sets, order, plan, dropout, loaded, lora);
        } catch (RuntimeException | Error e) {
            close(tokenizer, sets, loaded);
            throw e;
        }
    }

    /** The task, with the model that is to be trained. */
    Task task() {
        return data.task().bind(loaded.model(), tokenizer);
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

    @Override
    public void close() {
        close(tokenizer, sets, loaded);
    }

    private static void close(Tokenizer tokenizer, @Nullable EncodedSets sets, @Nullable LoadedModel loaded) {
        if (loaded != null) loaded.model().close();
        if (sets != null) sets.close();
        tokenizer.close();
    }
}
