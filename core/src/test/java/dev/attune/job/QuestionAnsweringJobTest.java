package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.Datasets;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.model.Golden;
import dev.attune.task.Finding;
import dev.attune.task.Pipeline;
import dev.attune.task.questionanswering.FoundAnswer;
import dev.attune.task.questionanswering.QuestionAnsweringAnswers;
import dev.attune.task.questionanswering.QuestionAnsweringPipeline;
import dev.attune.task.questionanswering.QuestionAnsweringSettings;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A whole way of question answering on a tiny model: training, evaluation, files, answers; and what cannot be asked. */
class QuestionAnsweringJobTest extends RunsFixture {
    /** Questions whose answer is the word before "film"; every fourth has none. */
    private String questions(String name, int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String word = List.of("good", "bad", "great", "nice", "poor").get(i % 5);
            String context = "very ".repeat(i % 3) + word + " film and the food was not";
            String answers = i % 4 == 3
                    ? "{\"text\": [], \"answer_start\": []}"
                    : "{\"text\": [\"%s\"], \"answer_start\": [%d]}".formatted(word, 5 * (i % 3));
            String question = i % 4 == 3 ? "was the food" : "the film was";
            lines.add("{\"id\": \"q%d\", \"question\": \"%s\", \"context\": \"%s\", \"answers\": %s}"
                    .formatted(i, question, context, answers));
        }
        return runs.file(name, lines);
    }

    private Recipe recipe(String data) {
        return runs.recipe("m", b -> b.numTrainEpochs(20).learningRate(5e-3).seed(7))
                .task("question-answering")
                .train(data)
                .validation(data)
                .settings(QuestionAnsweringSettings.builder().docStride(4).build())
                .maxLength(12)
                .build();
    }

    @Test
    void aModelLearnsToAnswer() throws IOException {
        String data = questions("data.jsonl", 48);
        Recipe recipe = recipe(data);
        assertThat(DataDoctor.check(recipe).lines())
                .extracting(Finding::text)
                .contains(
                        "question from question, context from context, answers from answers",
                        "36 questions have an answer, 12 have none");
        List<String> notes = new ArrayList<>();
        TrainSummary done = Job.train(recipe, Runs.notesInto(notes));

        assertThat(notes).anyMatch(note -> note.contains("contexts do not fit into 12 tokens and are read in windows"));
        Map<String, Double> results = done.allResults();
        assertThat(results.get("eval_f1")).isGreaterThan(60);
        assertThat(results.get("eval_NoAns_total")).isEqualTo(12);
        assertThat(results.get("eval_HasAns_total")).isEqualTo(36);
        assertThat(results.get("eval_best_f1")).isGreaterThanOrEqualTo(results.get("eval_f1") - 1e-9);
        Path folder = runs.output("m");
        JsonNode run = Golden.json(folder.resolve("run.json"));
        assertThat(run.at("/settings/version_2_with_negative").booleanValue()).isTrue();
        assertThat(run.at("/settings/answers_column").stringValue()).isEqualTo("answers");
        JsonNode predictions = Golden.json(folder.resolve("predictions.json"));
        assertThat(predictions.propertyNames()).hasSize(48).contains("q0", "q47");
        JsonNode best = Golden.json(folder.resolve("nbest_predictions.json")).get("q0");
        assertThat(best.get(0).propertyNames()).containsExactly("start_logit", "end_logit", "text", "probability");
        JsonNode odds = Golden.json(folder.resolve("null_odds.json"));
        predictions
                .properties()
                .forEach(answer -> assertThat(answer.getValue().stringValue().isEmpty())
                        .isEqualTo(odds.get(answer.getKey()).doubleValue() > 0));
        assertThat(folder.resolve("report.txt")).content().contains("F1 of the answers");
        assertThat(folder.resolve("f1.svg")).content().contains("F1 of the answers");
        assertThat(folder.resolve("report.json"))
                .content()
                .contains("histogram")
                .doesNotContain("nbest");
        assertThat(folder.resolve("README.md"))
                .content()
                .contains("AutoModelForQuestionAnswering")
                .doesNotContain("Worst answers");

        Map<String, Double> again = Job.evaluate(folder, data, TrainingListener.SILENT);
        for (String key : List.of("eval_exact", "eval_f1", "eval_loss", "eval_best_f1_thresh")) {
            assertThat(again.get(key)).as(key).isEqualTo(results.get(key));
        }

        List<Object> answers = new ArrayList<>();
        RecipeReader flags = new RecipeReader().flag("--handle-impossible-answer", "true");
        try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(TrainedOptions.of(folder.toString(), null, flags))) {
            Map<String, Double> metrics =
                    Predictor.rows(pipeline, Datasets.read(data), (row, json, cells) -> answers.add(json));
            assertThat(metrics.get("HasAns_f1")).isGreaterThan(60);
            assertThat(metrics).doesNotContainKey("best_f1");
        }
        assertThat(answers).hasSize(48);
        try (var pipeline = QuestionAnsweringPipeline.load(folder.toString())) {
            FoundAnswer answer = pipeline.predict("the film was", "very great film and the food was not");
            assertThat(answer.answer()).isEqualTo("great");
            assertThat(answer.start()).isEqualTo(5);
        }
    }

    @Test
    void filesOfSquadGoTheWholeWay() {
        String squad = runs.file(
                "squad.json",
                "{\"version\": \"1.1\", \"data\": [{\"title\": \"t\", \"paragraphs\": [{\"context\": \"a good film\", \"qas\":"
                        + " [{\"id\": \"one\", \"question\": \"the film was\", \"answers\": [{\"text\": \"good\","
                        + " \"answer_start\": 2}]}]}]}]}");
        TrainSummary done = Job.train(
                runs.recipe("s")
                        .task("question-answering")
                        .train(squad)
                        .validation(squad)
                        .build(),
                TrainingListener.SILENT);
        assertThat(done.allResults())
                .containsKeys("eval_exact_match", "eval_f1")
                .doesNotContainKey("eval_exact");
        assertThat(runs.output("s").resolve("report.txt"))
                .content()
                .contains("Worst answers", "the film was | a good film");
        assertThat(runs.output("s").resolve("README.md"))
                .content()
                .contains("F1 of the answers")
                .doesNotContain("Worst answers");
        assertThat(runs.output("s").resolve("predictions.json")).content().contains("\"one\"");
        assertThat(runs.output("s").resolve("null_odds.json")).doesNotExist();
    }

    @Test
    void keysThatDoNotFitAreMistakes() {
        assertThatThrownBy(() -> new RecipeReader()
                        .text("my.yaml", "model: m\ntrain: t\ndoc_stride: 3\n", temp)
                        .forTraining())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("my.yaml:3: doc_stride belongs to the task question-answering");
        assertThatThrownBy(() -> new RecipeReader()
                        .text(
                                "my.yaml",
                                "task: question-answering\nmodel: m\ntrain: t\nlabel_smoothing_factor: 0.1\n",
                                temp)
                        .forTraining())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("label_smoothing_factor is not for question-answering");
        assertThatThrownBy(() -> new RecipeReader()
                        .text(
                                "my.yaml",
                                "task: question-answering\nmodel: m\ntrain: t\nanswers_column: a\nanswer_text_column: b\n",
                                temp)
                        .forTraining())
                .hasMessageContaining("answers_column holds texts and places together");
    }

    @Test
    void aModelWithoutTheHeadDoesNotAnswer() {
        assertThatThrownBy(() -> QuestionAnsweringPipeline.load(runs.model.toString()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("qa_outputs");
    }

    @Test
    void aTypedQuestionNeedsItsText() throws IOException {
        String model = Golden.path("task/questionanswering/model").toString();
        try (var bare = QuestionAnsweringPipeline.load(model)) {
            assertThatThrownBy(() -> bare.input("who wrote it ?"))
                    .isInstanceOf(DataException.class)
                    .hasMessage(
                            "there is no text to find the answer in. Give the text with --context, or a line of JSON for"
                                    + " each question: {\"question\": \"…\", \"context\": \"…\"}.");
            assertThatThrownBy(() -> bare.input("{\"question\": \"who ?\"}"))
                    .hasMessageStartingWith("the object has no text \"context\".");
            assertThatThrownBy(() -> bare.input("{who ?}")).hasMessageStartingWith("this is not valid JSON");
            assertThatThrownBy(() -> bare.predict("who ?", " ")).hasMessageStartingWith("the context is empty.");
            assertThatThrownBy(() -> bare.predict("who wrote ".repeat(30), "anna"))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(
                            "the question has 60 tokens and leaves no room for the context in 48 tokens");
            assertThat(bare.input("{\"question\": \"who ?\", \"context\": \"anna\"}")
                            .context())
                    .isEqualTo("anna");
        }
        RecipeReader flags =
                new RecipeReader().flag("--context", "anna wrote it").flag("--top-k", "2");
        List<Object> answers = new ArrayList<>();
        try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(TrainedOptions.of(model, null, flags))) {
            Predictor.texts(pipeline, List.of("who wrote it ?"), (row, json, cells) -> answers.add(json));
            Path file = Files.writeString(temp.resolve("asked.csv"), "question,context\nwho ?,anna\nwho ?,\n");
            assertThatThrownBy(() -> Predictor.rows(pipeline, Datasets.read(file.toString()), (row, json, cells) -> {}))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("asked.csv line 3: the text in column \"context\" is");
        }
        assertThat((List<?>) answers.get(0)).hasSize(2);
        assertThat(QuestionAnsweringAnswers.BEST.maxAnswerLen()).isEqualTo(15);
    }
}
