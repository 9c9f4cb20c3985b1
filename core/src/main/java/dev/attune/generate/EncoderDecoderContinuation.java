package dev.attune.generate;

import dev.attune.model.EncoderDecoder;
import dev.attune.model.Tokens;
import dev.attune.nn.CrossCache;
import dev.attune.nn.KeyValueCache;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model that reads texts and writes others, which begin with one token that is given. */
public final class EncoderDecoderContinuation implements Continuation {
    private final EncoderDecoder model;
    private final int vocabulary;
    private final int[][] read;
    private final int start;
    private final @Nullable DType precision;
    private final KeyValueCache cache = new KeyValueCache();
    private @Nullable CrossCache encoded;

    /**
     * @param model stays the caller's
     * @param vocabulary V
     * @param read tokens of the texts that are read, at least one
     * @param start what each text begins with, {@link GenerationConfig#decoderStart}
     * @param precision type of the matrix products; null for what is in force already
     */
    public EncoderDecoderContinuation(
            EncoderDecoder model, int vocabulary, int[][] read, int start, @Nullable DType precision) {
        this.model = model;
        this.vocabulary = vocabulary;
        this.read = read;
        this.start = start;
        this.precision = precision;
    }

    @Override
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public Tensor first() {
        int[] ids = Arrays.stream(read).flatMapToInt(Arrays::stream).toArray();
        int[] lengths = Arrays.stream(read).mapToInt(text -> text.length).toArray();
        int[] one = new int[lengths.length];
        Arrays.fill(one, 1);
        int[] starts = new int[lengths.length];
        Arrays.fill(starts, start);
        SequenceLayout layout = new SequenceLayout(lengths);
        encoded = new CrossCache(layout);
        return computed(() -> {
            Tensor states = model.encode(Tokens.of(ids, layout));
            return scores(starts, cache.prompt(one), states, encoded());
        });
    }

    @Override
    public Tensor next(int[] parents, int[] tokens) {
        cache.keep(parents);
        encoded().keep(parents);
        // Keys and values of what was read are kept: nobody looks at its states again.
        return computed(() -> scores(tokens, cache.step(), Tensor.empty(DType.FLOAT32, 0), encoded()));
    }

    private CrossCache encoded() {
        if (encoded == null) throw new IllegalStateException("first() comes first");
        return encoded;
    }

    private Tensor scores(int[] ids, SequenceLayout layout, Tensor states, CrossCache across) {
        return model.forward(Tokens.of(ids, layout), states, across.layout(layout), layout.lastTokens()); // (B, V)
    }

    private Tensor computed(Supplier<Tensor> scores) {
        return Grad.off(() -> precision == null ? scores.get() : Autocast.run(precision, scores));
    }

    @Override
    public void close() {
        cache.close();
        if (encoded != null) encoded.close();
    }
}
