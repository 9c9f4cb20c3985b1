package dev.attune.model;

import dev.attune.tensor.Tensor;

/** A backbone with a norm above its layers, whose tokens see only those before them: the last token has seen the whole text. */
abstract class Decoder extends Backbone {
    /** What the norm above the layers makes of hidden states. */
    abstract Tensor normed(Tensor x);

    @Override
    final Tensor forward(Tokens tokens) {
        return tokens.layout().withoutFiller(normed(layersOf(tokens)));
    }

    /**
     * The hidden states of some tokens (M, C).
     *
     * @param rows (M) of the packed batch
     */
    final Tensor at(Tokens tokens, Tensor rows) {
        return normed(layersOf(tokens).rows(rows));
    }

    private Tensor layersOf(Tokens tokens) {
        return through(from(), layerCount(), entry(tokens), tokens.layout()); // (R, C)
    }
}
