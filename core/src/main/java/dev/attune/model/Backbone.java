package dev.attune.model;

import dev.attune.nn.Embedding;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Tensor;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Layers on embeddings: what all models of a family have below their heads. */
abstract class Backbone extends NeuralModule {
    /** Takes the place of the embeddings and the first layers, for the time of some passes. */
    private @Nullable LowerStates lower;

    /** The table of the words. */
    abstract Embedding words();

    /** C: numbers of a hidden state. */
    abstract int width();

    abstract int layerCount();

    /** @param prefix of the backbone's name */
    abstract LayerStack stack(String prefix);

    /** Names that its tensors have besides their own, to those; {@link PretrainedModel#tiedNames}. */
    Map<String, String> tied(String prefix) {
        return Map.of();
    }

    /** What the family calls it, {@code bert}; a single head may call it otherwise. */
    abstract String name();

    /** The hidden states of all tokens (N, C). */
    abstract Tensor forward(Tokens tokens);

    /** What the first layer reads (R, C). */
    abstract Tensor embed(Tokens tokens);

    /** Hidden states (R, C) through the layers from {@code from} to before {@code to}. */
    abstract Tensor through(int from, int to, Tensor x, SequenceLayout layout);

    /** What the first layer that is computed reads. */
    final Tensor entry(Tokens tokens) {
        return lower == null ? embed(tokens) : lower.states().apply(tokens.layout());
    }

    /** The first layer that is computed. */
    final int from() {
        return lower == null ? 0 : lower.layers();
    }

    /** Runs passes whose first layer that is computed reads {@code states}. */
    final <T> T above(LowerStates states, Supplier<T> passes) {
        lower = states;
        try {
            return passes.get();
        } finally {
            lower = null;
        }
    }
}
