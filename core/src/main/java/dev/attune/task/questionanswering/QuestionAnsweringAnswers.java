package dev.attune.task.questionanswering;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which answers a {@link QuestionAnsweringPipeline} gives: the parameters of Hugging Face's pipeline. */
@RecordBuilder
public record QuestionAnsweringAnswers(
        @Argument(
                group = "Prediction of question-answering",
                example = "The shop opens at nine.",
                doc = "The text to look in, where questions are typed and not read from columns.")
        @Nullable
        String context,

        @Argument(
                initial = "1",
                range = "[1, inf)",
                common = true,
                example = "3",
                doc = "How many answers to give for each question, the best first; more than one as a list.")
        int topK,

        @Argument(initial = "15", range = "[1, inf)", doc = "Longest answer in tokens.")
        int maxAnswerLen,

        @Argument(
                range = "[3, inf)",
                example = "256",
                doc = "Longest window in tokens. Without it 384, and never beyond what the model was trained with.")
        @Nullable
        Integer maxSeqLen,

        @Argument(initial = "false", doc = "Whether the answer may be that there is none: an empty text.")
        boolean handleImpossibleAnswer,

        @Argument(
                initial = "true",
                doc = "Whether answers are widened to whole words. Set it to false for languages that do not put blanks"
                        + " between words.")
        boolean alignToWords) {

    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(QuestionAnsweringAnswers.class);

    /** The best answer alone. */
    public static final QuestionAnsweringAnswers BEST = SCHEMA.create(QuestionAnsweringAnswers.class, Map.of());

    public QuestionAnsweringAnswers {
        Contradictions.ofRanges(SCHEMA)
                .next(context, topK, maxAnswerLen, maxSeqLen, handleImpossibleAnswer, alignToWords)
                .throwIfAny();
    }

    /** A builder that has the defaults. */
    public static QuestionAnsweringAnswersBuilder builder() {
        return QuestionAnsweringAnswersBuilder.builder(BEST);
    }
}
