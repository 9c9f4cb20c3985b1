package dev.attune.model;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What the rest of the house has to know of an architecture. A new one is a file with such a constant, and a line in {@link
 * Models}.
 *
 * @param heads what can stand on its backbone, each with what makes the model without weights
 * @param bodyWeights at least how many numbers the body has that a config describes
 * @param dropout what a model with a head drops in training
 * @param loraTargets ends of the names of the layers that PEFT adapts where nobody says which
 */
record Family(
        Map<Head, Function<ModelConfig, PretrainedModel>> heads,
        ToDoubleFunction<ModelConfig> bodyWeights,
        Function<Head, List<DropoutField>> dropout,
        List<String> loraTargets) {}
