package dev.attune.job;

import dev.attune.config.Argument;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The model that a run begins with.
 *
 * @param text a name that {@link dev.attune.hub.Hub#resolve} understands; null for an untrained model
 * @param config {@code config.json} of an untrained model
 * @param tokenizer folder of the tokenizer of an untrained model
 */
public record ModelChoice(
        @Nullable String text,

        @Argument(
                group = "Job",
                path = true,
                example = "config.json",
                doc = "A config.json, for a model that begins untrained. Its weights are random numbers, which the seed"
                        + " decides.")
        @Nullable
        Path config,

        @Argument(
                group = "Job",
                path = true,
                example = "my-tokenizer",
                doc = "Folder of the tokenizer, for a model that begins untrained.")
        @Nullable
        Path tokenizer) {

    /** What to call it in records and messages. */
    String describe() {
        return text != null ? text : "untrained, " + config;
    }
}
