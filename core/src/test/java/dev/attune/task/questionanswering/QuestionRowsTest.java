package dev.attune.task.questionanswering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.error.DataException;
import dev.attune.model.Golden;
import dev.attune.task.Part;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import dev.attune.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where questions and answers are found, and what is wrong with rows that have none. */
class QuestionRowsTest {
    @TempDir
    Path temp;

    /** One row with all that a question has. */
    static QuestionRows rows(String question, String context, @Nullable Object answers) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("question", question);
        row.put("context", context);
        row.put("answers", answers);
        Dataset data = Datasets.of("mine", List.of(row));
        return new QuestionRows(data, QuestionColumns.find(data, QuestionAnsweringSettings.DEFAULT, true));
    }

    private static Map<String, Object> answer(String text, int start) {
        return Map.of("text", List.of(text), "answer_start", List.of(start));
    }

    @Test
    void answersMayHaveAnyOfTheirForms() {
        String context = "😀 the old shop";
        List<GoldAnswer> expected = List.of(new GoldAnswer("old", 7));
        assertThat(rows("q", context, answer("old", 6)).answers(0, context)).isEqualTo(expected);
        assertThat(rows("q", context, List.of(Map.of("text", "old", "answer_start", 6)))
                        .answers(0, context))
                .isEqualTo(expected);
        assertThat(rows("q", context, Map.of("text", "old", "answer_start", 6)).answers(0, context))
                .isEqualTo(expected);
        assertThat(rows("q", context, Map.of("text", List.of(), "answer_start", List.of()))
                        .texts(0))
                .isEmpty();
        assertThat(rows("q", context, null).texts(0)).isEmpty();
        Dataset flat = Datasets.of(
                "flat", List.of(Map.of("query", "q", "passage", context, "answer", "old", "answer_start", "6")));
        QuestionColumns columns = QuestionColumns.find(flat, QuestionAnsweringSettings.DEFAULT, true);
        assertThat(new QuestionRows(flat, columns).answers(0, context)).isEqualTo(expected);
    }

    @Test
    void anAnswerThatIsNotAtItsPlaceSaysWhereItIs() {
        String context = "😀 the old shop";
        assertThatThrownBy(() -> rows("q", context, answer("old", 3)).answers(0, context))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "row 1: the answer \"old\" is not at answer_start 3 of the context, where \"he \" stands. The"
                                + " context has it first at 6. Mend answer_start; it counts code points from 0.");
        assertThatThrownBy(() -> rows("q", context, answer("old", 7)).answers(0, context))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("It is there when the place counts UTF-16 units, as Java and JavaScript do;"
                        + " answer_start counts code points, as Python does: write 6.");
        assertThatThrownBy(() -> rows("q", context, answer("new", 6)).answers(0, context))
                .hasMessageContaining("\"old\" stands, and the context does not have it anywhere.");
        assertThatThrownBy(() -> rows("q", context, answer("old", 99)).answers(0, context))
                .hasMessageContaining("where nothing stands (the context has 14 characters)");
        assertThatThrownBy(
                        () -> rows("q", context, List.of(Map.of("text", "old"))).answers(0, context))
                .hasMessageContaining("has no answer_start. Give the place");
        assertThatThrownBy(() -> rows("q", context, "old").answers(0, context))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("row 1: the answers are \"old\", expected {text: […], answer_start: […]}");
        assertThatThrownBy(() -> rows("q", context, Map.of("text", List.of("old"), "answer_start", List.of()))
                        .answers(0, context))
                .hasMessageContaining("1 texts but 0 places");
    }

    @Test
    void dataWithoutQuestionsSayWhatTheyLack() {
        Dataset rows = Datasets.of("mine", List.of(Map.of("body", "x")));
        assertThatThrownBy(() -> QuestionColumns.find(rows, QuestionAnsweringSettings.DEFAULT, true))
                .isInstanceOf(DataException.class)
                .hasMessage("Cannot tell which column of mine is the question; it has body. Set question_column.");
        Dataset bare = Datasets.of("mine", List.of(Map.of("question", "x", "context", "y")));
        assertThatThrownBy(() -> QuestionColumns.find(bare, QuestionAnsweringSettings.DEFAULT, true))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Set answers_column to a column of");
        assertThat(QuestionColumns.find(bare, QuestionAnsweringSettings.DEFAULT, false)
                        .hasAnswers())
                .isFalse();
    }

    @Test
    void emptyContextsAndLongQuestionsNameTheirRow() {
        fails(rows("who ?", " ", null), 48, "row 1: the text in column \"context\" is empty.");
        fails(rows("", "the shop", null), 48, "row 1: the text in column \"question\" is empty.");
        fails(
                rows("who wrote the old red book ?", "the shop of anna and ben", null),
                10,
                "row 1: the question has 7 tokens and leaves no room for the context in 10 tokens. Shorten it, or raise"
                        + " max_length.");
    }

    private static void fails(QuestionRows rows, int maxLength, String sentence) {
        TaskInput input = new TaskInput(rows.data(), null, TaskOptions.DEFAULT, 42, DataCache.off());
        try (Tokenizer tokenizer = Tokenizer.load(Golden.path("task/questionanswering/model"))) {
            var data = new QuestionAnswering().prepare(QuestionAnsweringSettings.DEFAULT, input);
            assertThatThrownBy(() -> data.encode(Part.TRAIN, rows.data(), tokenizer, maxLength, DataCache.off()))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(sentence);
        }
    }

    @Test
    void filesOfSquadAreRows() throws IOException {
        Path file = Files.writeString(temp.resolve("dev.json"), """
                {"version": "v2.0", "data": [{"title": "Shops", "paragraphs": [
                  {"context": "Anna opened the shop.", "qas": [
                    {"id": "q1", "question": "Who opened the shop?",
                     "answers": [{"text": "Anna", "answer_start": 0}], "is_impossible": false},
                    {"id": "q2", "question": "Who closed it?", "plausible_answers": [{"text": "Anna", "answer_start": 0}],
                     "answers": [], "is_impossible": true}]},
                  {"context": "A bridge.", "qas": [{"id": "q3", "question": "What?",
                     "answers": [{"text": "bridge", "answer_start": 1}]}]}]}]}
                """);
        Dataset data = Datasets.read(file.toString());
        assertThat(data.columns()).containsExactly("id", "title", "context", "question", "answers", "is_impossible");
        assertThat(data.size()).isEqualTo(3);
        assertThat(data.where(0)).isEqualTo("dev.json question 1");
        assertThat(data.where(1)).isEqualTo("dev.json question 2");
        assertThat(data.value(0, "title")).isEqualTo("Shops");
        assertThat(data.value(1, "is_impossible")).isEqualTo(true);
        assertThat(data.value(2, "is_impossible")).isEqualTo(false);
        QuestionRows rows = new QuestionRows(data, QuestionColumns.find(data, QuestionAnsweringSettings.DEFAULT, true));
        assertThat(rows.answers(0, rows.context(0))).containsExactly(new GoldAnswer("Anna", 0));
        assertThat(rows.texts(1)).isEmpty();
        assertThat(rows.anyWithoutAnswer()).isTrue();
        assertThatThrownBy(() -> rows.answers(2, rows.context(2)))
                .hasMessageContaining("dev.json question 3 (id q3): the answer \"bridge\" is not at answer_start 1");
    }

    @Test
    void aDamagedFileOfSquadSaysWhere() throws IOException {
        damaged("[{\"paragraphs\": [{\"qas\": []}]}]", "article 1, paragraph 1 has no text \"context\"");
        damaged("[{\"paragraphs\": 7}]", "article 1 has no list \"paragraphs\"");
        damaged(
                "[{\"paragraphs\": [{\"context\": \"c\", \"qas\": [{\"question\": \"q\"}]}]}]",
                "question 1 has no \"answers\"");
        damaged(
                "[{\"paragraphs\": [{\"context\": \"c\", \"qas\": [{\"question\": \"q\", \"answers\": [{\"text\": \"c\"}]}]}]}]",
                "question 1, answer 1 has no \"answer_start\"");
        damaged("[{\"paragraphs\": []}]", "has no rows");
    }

    private void damaged(String data, String sentence) throws IOException {
        Path file = Files.writeString(temp.resolve("bad.json"), "{\"data\": " + data + "}");
        assertThatThrownBy(() -> Datasets.read(file.toString()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("bad.json")
                .hasMessageContaining(sentence);
    }
}
