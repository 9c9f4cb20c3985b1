package dev.attune.task.questionanswering;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import dev.attune.task.ClassWeights;
import dev.attune.task.FineTuned;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys that only question-answering has. */
@RecordBuilder
public record QuestionAnsweringSettings(
        @Argument(
                group = "Data of question-answering",
                example = "question",
                doc = "Column that holds the questions. Without it the usual names are tried (question, query, …).")
        @Nullable
        String questionColumn,

        @Argument(
                example = "context",
                doc = "Column that holds the texts with the answers. Without it the usual names are tried (context,"
                        + " passage, paragraph, …).")
        @Nullable
        String contextColumn,

        @Argument(
                example = "answers",
                doc = "Column that holds all answers of a question. As Hugging Face datasets have them, {text: […],"
                        + " answer_start: […]}, or a list of {text, answer_start}. Without it a column answers, or the"
                        + " two columns below.")
        @Nullable
        String answersColumn,

        @Argument(
                example = "answer_text",
                doc =
                        "Column that holds the text of the only answer. Empty for a question without an answer. Without it the"
                                + " usual names are tried (answer_text, answer).")
        @Nullable
        String answerTextColumn,

        @Argument(
                example = "answer_start",
                doc =
                        "Column that holds the place of the answer's first character in the context. In code points from 0,"
                                + " as Python counts. Without it a column answer_start.")
        @Nullable
        String answerStartColumn,

        @Argument(
                initial = "128",
                range = "[0, inf)",
                doc =
                        "How many tokens neighbouring windows of a long text share. Where a window has no room for more, they"
                                + " share half of its room.")
        int docStride,

        @Argument(
                initial = "20",
                range = "[1, inf)",
                doc =
                        "How many answers an evaluation keeps for each question. It is also how many first and last tokens"
                                + " of each window it looks at.")
        int nBestSize,

        @Argument(initial = "30", range = "[1, inf)", doc = "Longest answer in tokens that an evaluation takes.")
        int maxAnswerLength,

        @Argument(
                initial = "0.0",
                doc = "How much more must speak for no answer than for the best one, for an evaluation to say so.")
        double nullScoreDiffThreshold,

        @Argument(
                name = "version_2_with_negative",
                doc = "Whether an evaluation may say that there is no answer. Without it, it may if the data have a"
                        + " question without an answer.")
        @Nullable
        Boolean version2WithNegative,

        @Argument(
                group = ClassWeights.GROUP,
                trainingOnly = true,
                open = true,
                example = "balanced",
                doc = ClassWeights.DOC)
        @Nullable
        ClassWeights classWeights) {

    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(QuestionAnsweringSettings.class);

    /** Those of {@code run_qa.py}. */
    public static final QuestionAnsweringSettings DEFAULT = SCHEMA.create(QuestionAnsweringSettings.class, Map.of());

    public QuestionAnsweringSettings {
        Contradictions wrong = Contradictions.ofRanges(SCHEMA)
                .next(
                        questionColumn,
                        contextColumn,
                        answersColumn,
                        answerTextColumn,
                        answerStartColumn,
                        docStride,
                        nBestSize,
                        maxAnswerLength,
                        nullScoreDiffThreshold,
                        version2WithNegative,
                        classWeights == null ? null : classWeights.text());
        if (answersColumn != null && (answerTextColumn != null || answerStartColumn != null)) {
            wrong.add(
                    "answers_column holds texts and places together, answer_text_column and answer_start_column hold"
                            + " them apart. Keep one of the two.",
                    "answers_column",
                    "answer_text_column",
                    "answer_start_column");
        }
        wrong.throwIfAny();
    }

    /** A builder that has the defaults. */
    public static QuestionAnsweringSettingsBuilder builder() {
        return QuestionAnsweringSettingsBuilder.builder(DEFAULT);
    }

    QuestionAnsweringSettings with(QuestionColumns found, boolean negative) {
        return new QuestionAnsweringSettings(
                found.question(),
                found.context(),
                found.answers(),
                found.answerText(),
                found.answerStart(),
                docStride,
                nBestSize,
                maxAnswerLength,
                nullScoreDiffThreshold,
                negative,
                classWeights);
    }

    /** Those of a model: of its columns only the ones that the rows have, or that the caller asked for. */
    static QuestionAnsweringSettings of(FineTuned model, List<String> columns) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>(model.settings());
        values.keySet().removeIf(key -> SCHEMA.find(key).isEmpty());
        for (String key : List.of(
                "question_column", "context_column", "answers_column", "answer_text_column", "answer_start_column")) {
            values.put(key, model.column(key, columns));
        }
        return SCHEMA.create(QuestionAnsweringSettings.class, values);
    }
}
