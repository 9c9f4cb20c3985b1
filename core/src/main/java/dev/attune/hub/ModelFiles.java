package dev.attune.hub;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model on disk.
 *
 * @param id the name it was asked for by, for reports and model cards
 * @param directory the folder that holds the weights, the tokenizer files and most often {@code config.json}
 * @param baseModel what the model is, wherever it lies: its id on the Hugging Face Hub, such as
 *     {@code sentence-transformers/all-MiniLM-L6-v2}; for a Maven artifact that is not known by one {@code
 *     maven:group:artifact:version}; for the output of a run what that run began with; null if nothing tells
 */
public record ModelFiles(
        String id, Path directory, @Nullable String baseModel) {}
