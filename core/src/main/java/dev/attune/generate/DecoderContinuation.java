package dev.attune.generate;

import dev.attune.model.LanguageModel;
import dev.attune.model.Tokens;
import dev.attune.nn.KeyValueCache;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Tensor;
import java.util.Arrays;

/** A causal language model behind its prompts, which are packed: each has its own length. */
public final class DecoderContinuation implements Continuation {
    private final LanguageModel model;
    private final int vocabulary;
    private final int[][] prompts;
    private final DType precision;
    private final KeyValueCache cache = new KeyValueCache();

    /**
     * @param model stays the caller's
     * @param vocabulary V
     * @param prompts tokens of each, at least one
     * @param precision type of the matrix products
     */
    public DecoderContinuation(LanguageModel model, int vocabulary, int[][] prompts, DType precision) {
        this.model = model;
        this.vocabulary = vocabulary;
        this.prompts = prompts;
        this.precision = precision;
    }

    @Override
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public Tensor first() {
        int[] ids = Arrays.stream(prompts).flatMapToInt(Arrays::stream).toArray();
        int[] lengths = Arrays.stream(prompts).mapToInt(prompt -> prompt.length).toArray();
        return scores(ids, cache.prompt(lengths));
    }

    @Override
    public Tensor next(int[] parents, int[] tokens) {
        cache.keep(parents);
        return scores(tokens, cache.step());
    }

    private Tensor scores(int[] ids, SequenceLayout layout) {
        Tokens tokens = Tokens.of(ids, layout);
        return Grad.off(() -> Autocast.run(precision, () -> model.forward(tokens, layout.lastTokens()))); // (B, V)
    }

    @Override
    public void close() {
        cache.close();
    }
}
