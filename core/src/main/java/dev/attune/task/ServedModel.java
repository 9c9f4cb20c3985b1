package dev.attune.task;

import dev.attune.data.Batch;
import dev.attune.data.Example;
import dev.attune.data.ExampleList;
import dev.attune.data.RowEncoder;
import dev.attune.model.Head;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.model.PretrainedModel;
import dev.attune.tensor.DType;
import dev.attune.tensor.Native;
import dev.attune.text.Tokenizer;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A fine-tuned model and its tokenizer, open for answers: what every {@link Pipeline} holds. */
public final class ServedModel implements AutoCloseable {
    private final PretrainedModel model;
    private final Tokenizer tokenizer;
    private final int maxLength;
    private final DType precision;
    private final ModelGuard guard = new ModelGuard();

    private ServedModel(FineTuned from, LoadedModel loaded, Tokenizer tokenizer) {
        this.model = loaded.model();
        this.tokenizer = tokenizer;
        this.maxLength = from.maxLengthWithin(loaded.maxLength(tokenizer));
        this.precision = from.precision();
        model.train(false);
        // Each answer would convert and turn all weights anew: for one text that is longer than to compute it.
        model.castForPrediction(precision);
    }

    /**
     * Loads both.
     *
     * @param change what the head needs in the config: labels
     * @throws dev.attune.error.CheckpointException if the head is not in the files, or model and tokenizer do not belong
     *     together
     */
    public static ServedModel open(FineTuned from, Head head, UnaryOperator<ModelConfig> change) {
        Native.load(from.precision());
        LoadedModel loaded = from.folder().load(head, change);
        Tokenizer tokenizer = null;
        try {
            loaded.requireTrainedHead();
            tokenizer = from.folder().tokenizer();
            loaded.requireFits(tokenizer);
            return new ServedModel(from, loaded, tokenizer);
        } catch (RuntimeException e) {
            if (tokenizer != null) tokenizer.close();
            loaded.model().close();
            throw e;
        }
    }

    public PretrainedModel model() {
        return model;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Type of the matrix products. */
    public DType precision() {
        return precision;
    }

    /** Longest input in tokens: as in the training, and never beyond what model and tokenizer take. */
    public int maxLength() {
        return maxLength;
    }

    /**
     * One output for each input, in order, while the model is open; several threads may ask.
     *
     * @param encode makes the example of an input; called by several threads
     * @param batchTokens how many tokens are computed at once, {@link Task#batchTokens}
     * @param model from a batch to the outputs of its examples, as {@link ForwardPass#outputs} asks it
     * @throws IllegalStateException if the model has been closed
     */
    public <I, O> List<O> outputs(
            List<I> inputs, Function<I, Example> encode, int batchTokens, Function<Batch, List<O>> model) {
        return use(() -> {
            ExampleList examples = new ExampleList();
            new RowEncoder().encode(inputs.size(), i -> encode.apply(inputs.get(i)), examples);
            return new ForwardPass(batchTokens, precision).outputs(examples.examples(), model);
        });
    }

    /**
     * Runs {@code body} while the model is open; several threads may do so.
     *
     * @throws IllegalStateException if it has been closed
     */
    public <T> T use(Supplier<T> body) {
        return guard.use(body);
    }

    /** Waits for uses that are under way and frees both. */
    @Override
    public void close() {
        guard.close(() -> {
            model.close();
            tokenizer.close();
        });
    }
}
