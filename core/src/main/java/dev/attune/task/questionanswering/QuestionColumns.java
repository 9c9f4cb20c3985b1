package dev.attune.task.questionanswering;

import dev.attune.data.Columns;
import dev.attune.data.Dataset;
import dev.attune.error.DataException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a set of questions.
 *
 * @param question the questions
 * @param context the texts with the answers
 * @param answers all answers of a question together; null if they have columns of their own, or are not there
 * @param answerText the text of the only answer
 * @param answerStart its place
 */
record QuestionColumns(
        String question,
        String context,
        @Nullable String answers,
        @Nullable String answerText,
        @Nullable String answerStart) {
    private static final List<String> QUESTIONS = List.of("question", "query", "question_text");
    private static final List<String> CONTEXTS =
            List.of("context", "passage", "paragraph", "text", "document", "article", "body", "content");
    private static final List<String> ANSWERS = List.of("answers");
    private static final List<String> TEXTS = List.of("answer_text", "answer");
    private static final List<String> STARTS = List.of("answer_start", "start");
    private static final List<List<String>> ROLES = List.of(QUESTIONS, CONTEXTS, ANSWERS, TEXTS, STARTS);

    /**
     * The columns that the settings name, and the others by their usual names.
     *
     * @param answersRequired whether questions without a column of answers are an error: predictions need none
     * @throws DataException if a named column is missing, or a needed one cannot be told
     */
    static QuestionColumns find(Dataset data, QuestionAnsweringSettings settings, boolean answersRequired) {
        Columns columns = new Columns(data);
        String question = settings.questionColumn();
        String context = settings.contextColumn();
        String answers = settings.answersColumn();
        String text = settings.answerTextColumn();
        String start = settings.answerStartColumn();
        for (String named : new @Nullable String[] {question, context, answers, text, start}) {
            if (named != null) columns.take(Columns.require(data, named, ROLES));
        }
        if (question == null) question = needed(data, columns, QUESTIONS, "the question", "question_column");
        columns.take(question);
        if (context == null) context = needed(data, columns, CONTEXTS, "the context", "context_column");
        columns.take(context);
        if (answers == null && text == null) answers = Columns.named(columns.free(), ANSWERS.get(0));
        if (answers == null) {
            if (text == null) text = columns.byName(TEXTS, "the answer", "answer_text_column");
            columns.take(text);
            if (start == null) start = columns.byName(STARTS, "the place of the answer", "answer_start_column");
        }
        if (answersRequired && answers == null && (text == null || start == null)) {
            throw new DataException("Cannot tell where the answers are in " + data.name() + "; it has "
                    + String.join(", ", data.columns())
                    + ". Set answers_column to a column of {text: […], answer_start:"
                    + " […]}, or answer_text_column and answer_start_column to columns of texts and of places.");
        }
        return new QuestionColumns(question, context, answers, text, start);
    }

    private static String needed(Dataset data, Columns columns, List<String> names, String what, String key) {
        String found = columns.byName(names, what, key);
        if (found != null) return found;
        throw new DataException("Cannot tell which column of " + data.name() + " is " + what + "; it has "
                + String.join(", ", data.columns()) + ". Set " + key + ".");
    }

    /** Checks that other data have these columns too. */
    void require(Dataset data) {
        for (String column : toMap().values()) Columns.require(data, column, ROLES);
    }

    /** Whether anything is known of the answers. */
    boolean hasAnswers() {
        return answers != null || answerText != null;
    }

    /** By role, for records. */
    Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("question", question);
        map.put("context", context);
        if (answers != null) map.put("answers", answers);
        if (answerText != null) map.put("answer_text", answerText);
        if (answerStart != null) map.put("answer_start", answerStart);
        return map;
    }

    /** What was found, for people. */
    String describe() {
        String where = answers != null ? answers : answerText + " and " + answerStart;
        return "question from " + question + ", context from " + context
                + (hasAnswers() ? ", answers from " + where : "");
    }
}
