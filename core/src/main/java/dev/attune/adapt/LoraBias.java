package dev.attune.adapt;

/** Which biases of the model are trained beside the adapters. */
public enum LoraBias {
    /** None. */
    NONE,
    /** All of the model. */
    ALL,
    /** Those of the layers with an adapter. */
    LORA_ONLY
}
