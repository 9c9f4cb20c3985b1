package dev.attune.train;

import dev.attune.adapt.HiddenStates;
import dev.attune.data.Batch;
import dev.attune.data.Examples;
import dev.attune.error.ConfigException;
import dev.attune.error.StoppedException;
import dev.attune.io.ByteSize;
import dev.attune.model.LayerStack;
import dev.attune.model.LayeredModel;
import dev.attune.model.LowerStates;
import dev.attune.model.PretrainedModel;
import dev.attune.model.Tokens;
import dev.attune.nn.Parameter;
import dev.attune.task.ForwardPass;
import dev.attune.task.Task;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * {@code frozen_prefix: cache}: embeddings and first layers that are frozen for the whole run give the same for an example whenever
 * it comes, but for dropout. They are computed once, in evaluation mode, and kept; passes begin above them. A run that goes on
 * computes them again, from the same weights in the same batches, so with the same bits: there is nothing to save.
 *
 * <p>The states are kept in 32 bits where the run computes in 32 bits, else in BFLOAT16.
 */
final class PrefixCache implements AutoCloseable {
    /** Of the memory that is left. */
    private static final double SHARE = 0.5;
    /** The lowest place that may be trained: embeddings alone are not worth a cache. */
    private static final int FIRST_TRAINED = 2;

    private final Task task;
    private final LayeredModel model;
    private final int layers;
    private final DType precision;
    private final long mostMemory;
    private final Path folder;
    private final TrainerControl control;
    private final Consumer<String> notes;
    private final Map<Examples, HiddenStates> kept = new IdentityHashMap<>();

    /**
     * A cache without anything in it.
     *
     * @param layers from {@link #layers}
     * @param mostMemory bytes that may be in memory
     * @param folder where a file may be for what does not fit
     */
    PrefixCache(
            Task task,
            int layers,
            DType precision,
            long mostMemory,
            Path folder,
            TrainerControl control,
            Consumer<String> notes) {
        this.task = task;
        this.model = (LayeredModel) task.model();
        this.layers = layers;
        this.precision = precision;
        this.mostMemory = mostMemory;
        this.folder = folder;
        this.control = control;
        this.notes = notes;
    }

    /** Half of what model, heap and optimizer leave. */
    static long memory(TrainingArguments args, PretrainedModel model) {
        long optimizer = 3
                * Float.BYTES
                * model.parameters().values().stream()
                        .map(Parameter::value)
                        .filter(Tensor::requiresGrad)
                        .mapToLong(Tensor::elements)
                        .sum();
        long left = MemoryBudget.of(args.maxMemory()).bytes()
                - Runtime.getRuntime().maxMemory()
                - MemoryBudget.nativeBytes()
                - optimizer;
        return (long) (SHARE * Math.max(0, left));
    }

    /**
     * How many layers can be computed once.
     *
     * @param later names of parameters that are frozen now, but will be trained
     * @throws ConfigException if there are none, or the examples are others in every epoch
     */
    static int layers(PretrainedModel model, Examples train, Set<String> later) {
        if (!(model instanceof LayeredModel)) {
            throw new ConfigException("frozen_prefix is \"cache\", but " + model.architecture()
                    + " cannot be run in two parts: its decoder reads what its encoder made, besides what is below it."
                    + " Set frozen_prefix: compute.");
        }
        if (train.varies()) {
            throw refused("the examples of this task are others in every epoch, so nothing can be kept of them");
        }
        LayerStack stack = model.stack();
        int lowest = stack.top();
        for (Map.Entry<String, Parameter> each : model.parameters().entrySet()) {
            boolean trains = each.getValue().value().requiresGrad() || later.contains(each.getKey());
            if (!trains) continue;
            lowest = Math.min(lowest, stack.place(each.getKey()));
            if (lowest < FIRST_TRAINED) {
                throw refused(each.getKey()
                        + " is trained, now or in a later epoch: nothing below the second layer may be. Add "
                        + "embeddings and the first layers to freeze");
            }
        }
        return lowest - 1;
    }

    private static ConfigException refused(String why) {
        return new ConfigException("frozen_prefix is \"cache\", but " + why + "; or set frozen_prefix: compute.");
    }

    /** Computes the lower layers for all of these examples, if they were not yet. */
    void prepare(Examples examples) {
        if (kept.containsKey(examples)) return;
        DType type = precision == DType.FLOAT32 ? DType.FLOAT32 : DType.BFLOAT16;
        long used = kept.values().stream()
                .mapToLong(states -> states.bytes() - states.bytesInFile())
                .sum();
        HiddenStates states =
                new HiddenStates(examples.lengths(), model.width(), type, Math.max(0, mostMemory - used), folder);
        kept.put(examples, states);
        fill(states, examples);
    }

    private void fill(HiddenStates states, Examples examples) {
        long start = System.nanoTime();
        boolean training = task.model().training();
        task.model().train(false);
        new ForwardPass(ForwardPass.BATCH_TOKENS, precision).each(examples, batch -> {
            if (control.isCancelled()) throw new StoppedException("Stopped while frozen layers were computed.");
            states.put(batch.rows(), model.lower(Tokens.of(batch.ids(), batch.typeIds(), batch.lengths()), layers));
        });
        task.model().train(training);
        String file =
                states.bytesInFile() == 0 ? "" : ", " + ByteSize.text(states.bytesInFile()) + " of them in a file";
        notes.accept(String.format(
                Locale.ROOT,
                "The embeddings and the first %d layers are frozen: computed once for %,d examples, in %.1f s and %s%s.",
                layers,
                examples.size(),
                (System.nanoTime() - start) / 1e9,
                ByteSize.text(states.bytes()),
                file));
    }

    /** Runs passes over a batch of examples that were {@linkplain #prepare prepared}; they begin above the lower layers. */
    <T> T above(Examples examples, Batch batch, Supplier<T> passes) {
        HiddenStates states = Objects.requireNonNull(kept.get(examples), "prepare(…) comes first");
        return model.above(new LowerStates(layers, layout -> states.rows(batch.rows(), layout.rows())), passes);
    }

    @Override
    public void close() {
        List.copyOf(kept.values()).forEach(HiddenStates::close);
        kept.clear();
    }
}
