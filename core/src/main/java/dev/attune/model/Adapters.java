package dev.attune.model;

import java.nio.file.Path;

/**
 * What is trained beside the fixed weights of a model. While a model carries some, {@link PretrainedModel#save} and {@link
 * PretrainedModel#restore} write and read them alone.
 */
public interface Adapters {
    /** The file in a folder that tells of adapters in place of weights. */
    String WEIGHTS = "adapter_model.safetensors";

    /** Writes the adapters into a folder. */
    void save(Path directory);

    /**
     * Makes the adapters those of a folder.
     *
     * @throws dev.attune.error.CheckpointException if there are none, or others than the model carries
     */
    void load(Path directory);
}
