package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.error.DataException;
import dev.attune.task.Pipeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many rows are computed at once depends on what waits, and not on whether there is a console. */
class PredictorTest {
    /** Answers with the text; remembers how many were asked at once. */
    private static final class Echo implements Pipeline<String, String> {
        private final List<Integer> calls = new ArrayList<>();
        private int atOnce = 4096;

        @Override
        public int inputsAtOnce() {
            return atOnce;
        }

        @Override
        public String input(String text) {
            if (text.isBlank()) throw new DataException("the text is empty.");
            return text;
        }

        @Override
        public String input(Dataset data, int row) {
            return String.valueOf(data.value(row, "text"));
        }

        @Override
        public List<String> answer(List<String> inputs) {
            if (!inputs.isEmpty()) calls.add(inputs.size());
            return List.copyOf(inputs);
        }

        @Override
        public Object json(String answer) {
            return answer;
        }

        @Override
        public Map<String, ?> cells(String answer) {
            return Map.of("text", answer);
        }

        @Override
        public Scorer<String> scorer(Dataset data) {
            return null;
        }

        @Override
        public List<String> notes() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    /** Somebody who types: a line is there, and then nothing until the answer has been read. */
    private static BufferedReader typed(String text) {
        return new BufferedReader(new StringReader(text)) {
            @Override
            public boolean ready() {
                return false;
            }
        };
    }

    private static List<String> lines(Echo echo, Reader reader) throws IOException {
        List<String> answers = new ArrayList<>();
        Predictor.lines(echo, (BufferedReader) reader, (row, json, cells) -> {
            assertThat(row).isEqualTo(answers.size());
            answers.add(json.toString());
        });
        return answers;
    }

    @Test
    void whoTypesGetsAnAnswerToEachLine() throws IOException {
        Echo echo = new Echo();
        assertThat(lines(echo, typed("a\nb\nc\n"))).containsExactly("a", "b", "c");
        assertThat(echo.calls).containsExactly(1, 1, 1);
    }

    @Test
    void whatIsPipedInIsComputedTogether() throws IOException {
        Echo echo = new Echo();
        String text = String.join("\n", Collections.nCopies(5000, "a line"));
        assertThat(lines(echo, new BufferedReader(new StringReader(text)))).hasSize(5000);
        assertThat(echo.calls).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void rowsOfAFileAreComputedTogether() throws IOException {
        Echo echo = new Echo();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) rows.add(Map.of("text", "row " + i));
        List<Object> answers = new ArrayList<>();
        assertThat(Predictor.rows(echo, Datasets.of("rows", rows), (row, json, cells) -> {
                    assertThat(json).isEqualTo("row " + row);
                    answers.add(json);
                }))
                .as("no labels, no metrics")
                .isNull();
        assertThat(answers).hasSize(300);
        assertThat(echo.calls).containsExactly(300);
    }

    @Test
    void aPipelineSaysHowMuchIsAskedAtOnce() throws IOException {
        List<String> texts = List.of("a", "b", "c", "d", "e");
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String text : texts) rows.add(Map.of("text", text));
        Echo echo = new Echo();
        echo.atOnce = 2;
        List<Object> answers = new ArrayList<>();
        Predictor.Sink sink = (row, json, cells) -> {
            assertThat(row).isEqualTo(answers.size() % 5);
            answers.add(json);
        };
        Predictor.texts(echo, texts, sink);
        Predictor.rows(echo, Datasets.of("rows", rows), sink);
        Predictor.lines(echo, new BufferedReader(new StringReader(String.join("\n", texts))), sink);
        assertThat(answers).hasSize(15).startsWith(texts.toArray()).endsWith(texts.toArray());
        assertThat(echo.calls).allMatch(size -> size <= 2).startsWith(2, 2, 1, 2, 2, 1);
    }

    @Test
    void anEmptyLineIsNamed() {
        assertThatThrownBy(() -> lines(new Echo(), new BufferedReader(new StringReader("a\n\nb"))))
                .isInstanceOf(DataException.class)
                .hasMessage("Line 2 of standard input: the text is empty.");
    }
}
