package dev.attune.task.fillmask;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;

/** Which answers a {@link FillMaskPipeline} gives: the parameters of Hugging Face's pipeline. */
@RecordBuilder
public record FillMaskAnswers(
        @Argument(
                group = "Prediction of fill-mask",
                initial = "5",
                range = "[1, inf)",
                common = true,
                example = "3",
                doc = "How many tokens to give for each mask, the likeliest first.")
        int topK,

        @Argument(
                group = "Prediction of fill-mask",
                example = "good, bad",
                doc =
                        "The only words to choose from. Their scores stay shares of the whole vocabulary. Of a word that the"
                                + " vocabulary has only in pieces the first piece counts. As a flag, separated by commas.")
        List<String> targets) {

    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(FillMaskAnswers.class);

    /** The five likeliest tokens of the whole vocabulary. */
    public static final FillMaskAnswers DEFAULT = SCHEMA.create(FillMaskAnswers.class, Map.of());

    public FillMaskAnswers {
        targets = targets.stream().distinct().toList(); // as the reference does
        Contradictions.ofRanges(SCHEMA).next(topK, targets).throwIfAny();
    }

    /** A builder that has the defaults. */
    public static FillMaskAnswersBuilder builder() {
        return FillMaskAnswersBuilder.builder(DEFAULT);
    }
}
