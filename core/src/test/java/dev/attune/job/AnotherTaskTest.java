package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.Datasets;
import dev.attune.error.ConfigException;
import dev.attune.model.Golden;
import dev.attune.task.Finding;
import dev.attune.task.Pipeline;
import dev.attune.task.Tasks;
import dev.attune.toy.WordParity;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A second task is added to the house from outside, by one class and one line of {@code META-INF/services}, and everything
 * that Attune does works with it: recipes, flags, training, run folder, evaluation, answers, check, explain. No file above
 * {@code task} was touched for it.
 */
class AnotherTaskTest extends RunsFixture {
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private URLClassLoader outside;
    private String phrases;

    @BeforeEach
    void addTheTask() throws IOException {
        Path services = Files.createDirectories(temp.resolve("jar/META-INF/services"));
        Files.writeString(services.resolve("dev.attune.task.TaskType"), WordParity.class.getName() + "\n");
        outside = new URLClassLoader(new URL[] {temp.resolve("jar").toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(outside);
        List<String> lines = new ArrayList<>(List.of("id,phrase"));
        for (int i = 0; i < 32; i++) lines.add(i + ",the film was" + " very".repeat(i % 4) + " good");
        phrases = runs.file("phrases.csv", lines);
    }

    @AfterEach
    void removeTheTask() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        outside.close();
    }

    private Recipe recipe(String... more) {
        String yaml = "task: odd-or-even\nmodel: " + runs.model + "\ntrain: " + phrases + "\nvalidation: " + phrases
                + "\noutput_dir: " + runs.output("toy") + "\nnum_train_epochs: 12\nlearning_rate: 5e-3\n"
                + String.join("\n", more);
        return new RecipeReader().text("toy.yaml", yaml, temp).forTraining();
    }

    @Test
    void theWholeWay() throws IOException {
        assertThat(Tasks.keys())
                .containsExactly(
                        "text-classification",
                        "feature-extraction",
                        "fill-mask",
                        "question-answering",
                        "summarization",
                        "text-generation",
                        "text2text-generation",
                        "token-classification",
                        "translation",
                        "word-parity");
        Recipe recipe = recipe();
        assertThat(recipe.task().key()).isEqualTo("word-parity");
        assertThat(DataDoctor.check(recipe).lines())
                .extracting(Finding::text)
                .contains("32 phrases, 16 of them odd", "train and validation");

        List<String> notes = new ArrayList<>();
        TrainSummary done = Job.train(recipe, Runs.notesInto(notes));
        assertThat(notes).contains("Words are what stands between spaces.");
        assertThat(done.allResults().get("eval_parity")).isEqualTo(1.0);
        assertThat(done.report()).startsWith("Right and seen").contains("32    32");
        JsonNode run = Golden.json(runs.output("toy").resolve("run.json"));
        assertThat(run.at("/task").stringValue()).isEqualTo("word-parity");
        assertThat(run.at("/settings").toString()).isEqualTo("{\"words_column\":\"phrase\"}");
        assertThat(run.at("/columns/words").stringValue()).isEqualTo("phrase");
        assertThat(runs.output("toy").resolve("README.md"))
                .content()
                .contains("pipeline_tag: \"word-parity\"", "A model of parity", "It counts.");

        // Nothing is said again: the run knows its task and its column.
        Map<String, Double> again = Job.evaluate(runs.output("toy"), phrases, TrainingListener.SILENT);
        assertThat(again).containsEntry("eval_parity", 1.0).containsEntry("eval_samples", 32.0);

        RecipeReader flags = new RecipeReader().flag("--odd-word", "uneven");
        List<Object> answers = new ArrayList<>();
        try (Pipeline<?, ?> oracle =
                TrainedJob.pipeline(TrainedOptions.of(runs.output("toy").toString(), null, flags))) {
            Map<String, Double> metrics =
                    Predictor.rows(oracle, Datasets.read(phrases), (row, json, cells) -> answers.add(json));
            assertThat(metrics).containsEntry("parity", 1.0);
        }
        assertThat(answers).hasSize(32).startsWith(Map.of("parity", "even"), Map.of("parity", "uneven"));
    }

    @Test
    void keysBelongToTheirTask() {
        assertThatThrownBy(() -> recipe("label_column: x"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("toy.yaml:8: label_column belongs to the task text-classification, but this is word-parity."
                        + " Delete it, or set task: text-classification.");
        assertThatThrownBy(() -> new RecipeReader()
                        .text("my.yaml", "model: m\ntrain: t\nwords_column: w\n", temp)
                        .forTraining())
                .hasMessageContaining("my.yaml:3: words_column belongs to the task word-parity");
        assertThat(Recipe.schema().explain("words_column")).contains("Column that holds the words.");
        assertThat(Recipe.schema().markdown()).contains("## Data of word-parity", "| `words_column` |");
        assertThatThrownBy(() -> new RecipeReader()
                        .text("my.yaml", "model: m\ntrain: t\ntask: word-partiy\n", temp)
                        .forTraining())
                .hasMessageContaining("Did you mean \"word-parity\"?");
    }

    @Test
    void keysOfAnswersSayWhereTheyBelong() {
        assertThatThrownBy(() -> new RecipeReader()
                        .flag("--task", "fill-mask")
                        .flag("--model", "m")
                        .flag("--train", "t.csv")
                        .flag("--targets", "good")
                        .flag("--pooling", "mean")
                        .forTraining())
                .hasMessageContaining("targets is for answers: it belongs to attune predict. Delete it.")
                .hasMessageContaining(
                        "pooling belongs to the answers of feature-extraction, but this is fill-mask. Delete it.");
    }
}
