package dev.attune.model;

import dev.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What an encoder gives.
 *
 * @param lastHiddenState (N, C), packed
 * @param poolerOutput (B, C), or null if the model has no pooler
 */
public record ModelOutput(Tensor lastHiddenState, @Nullable Tensor poolerOutput) {}
