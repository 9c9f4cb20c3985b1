package dev.attune.task.textgeneration;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.generate.GenerationArguments;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;

/** Which answers a {@link TextGenerationPipeline} gives: the parameters of Hugging Face's pipeline. */
@RecordBuilder
public record TextGenerationAnswers(
        GenerationArguments generation,

        @Argument(
                group = "Prediction of text-generation",
                initial = "true",
                doc = "Whether an answer begins with the prompt.")
        boolean returnFullText) {

    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(TextGenerationAnswers.class);

    /** Up to 256 drawn tokens behind the prompt, unless the model's own file says otherwise. */
    public static final TextGenerationAnswers DEFAULT = SCHEMA.create(TextGenerationAnswers.class, Map.of());

    /** A builder that has the defaults. */
    public static TextGenerationAnswersBuilder builder() {
        return TextGenerationAnswersBuilder.builder(DEFAULT);
    }
}
