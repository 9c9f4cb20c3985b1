package dev.attune.task.text2text;

import dev.attune.config.ArgumentSchema;
import dev.attune.generate.GenerationArguments;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;

/** Which answers a {@link Text2TextPipeline} gives: how its texts come out. */
@RecordBuilder
public record Text2TextAnswers(GenerationArguments generation) {
    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(Text2TextAnswers.class);

    /** As the model's own files say. */
    public static final Text2TextAnswers DEFAULT = SCHEMA.create(Text2TextAnswers.class, Map.of());

    /** A builder that has the defaults. */
    public static Text2TextAnswersBuilder builder() {
        return Text2TextAnswersBuilder.builder(DEFAULT);
    }
}
