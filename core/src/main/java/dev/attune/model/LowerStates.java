package dev.attune.model;

import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Tensor;
import java.util.function.Function;

/**
 * What the lower part of a model made of some tokens.
 *
 * @param layers of the lower part, besides the embeddings
 * @param states from the layout of a pass to the hidden states of its tokens (rows of the layout, C), FLOAT32
 */
public record LowerStates(int layers, Function<SequenceLayout, Tensor> states) {}
