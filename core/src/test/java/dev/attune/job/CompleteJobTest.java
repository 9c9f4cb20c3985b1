package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.error.DivergedException;
import dev.attune.model.Golden;
import dev.attune.report.Pages;
import dev.attune.task.TaskOptions.Predictions;
import dev.attune.task.textclassification.TextClassificationSettings;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.LogEvent;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import tools.jackson.databind.JsonNode;

/** What a whole run can do beside training and validation: test sets, parts of sets, functions of the caller, no weights. */
class CompleteJobTest extends RunsFixture {

    @Test
    void testDataAreEvaluatedAtTheEnd() throws IOException {
        String train = runs.sentiment("train.csv", 32);
        String test = runs.sentiment("test.csv", 10);
        TrainSummary done = Job.train(
                runs.recipe("a")
                        .train(train)
                        .validation(runs.sentiment("v.csv", 12))
                        .test(test)
                        .build(),
                TrainingListener.SILENT);
        Map<String, Double> again = Job.evaluate(runs.output("a"), test, TrainingListener.SILENT);
        assertThat(done.allResults()).containsEntry("test_samples", 10.0).containsEntry("eval_samples", 12.0);
        for (String name : List.of("loss", "accuracy", "f1_macro", "mcc")) {
            assertThat(done.allResults()).as(name).containsEntry("test_" + name, again.get("eval_" + name));
        }
        JsonNode run = Golden.json(runs.output("a").resolve("run.json"));
        assertThat(run.at("/data/test/rows").intValue()).isEqualTo(10);
        assertThat(run.at("/files").toString()).contains("\"confusion.svg\"", "\"test-confusion.svg\"");
        assertThat(runs.output("a").resolve("README.md")).content().contains("`test_accuracy`", "test-confusion.svg");
        assertThat(runs.output("a").resolve("report.txt"))
                .content()
                .startsWith("Confusion matrix\n\n")
                .contains("\nTest: Confusion matrix\n\n");
        assertThat(Pages.texts(Pages.check(Files.readString(runs.output("a").resolve("report.html"))), "h3"))
                .contains("Confusion matrix", "Test: Confusion matrix", "Test: Worst examples by loss");
        assertThat(runs.output("a").resolve("test-confusion.svg")).content().contains("Test: Confusion matrix");
        assertThat(runs.output("a").resolve("confusion.svg"))
                .content()
                .contains(">Confusion matrix<")
                .doesNotContain("Test");
    }

    @Test
    void partsOfTheSetsAreTheFirstRows() {
        TrainSummary done = Job.train(
                runs.recipe("a")
                        .train(runs.sentiment("train.csv", 32))
                        .validation(runs.sentiment("v.csv", 12))
                        .maxTrainSamples(16)
                        .maxEvalSamples(5)
                        .build(),
                TrainingListener.SILENT);
        assertThat(done.allResults()).containsEntry("train_samples", 16.0).containsEntry("eval_samples", 5.0);
        String first = runs.sentiment("first.csv", 16);
        Job.train(runs.recipe("b").train(first).build(), TrainingListener.SILENT);
        assertThat(runs.output("a").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("b").resolve("model.safetensors"));
    }

    /** Hugging Face's compute_metrics: it sees every row once, in order, with logits and labels. */
    @Test
    void metricsOfTheCaller() {
        String data = runs.sentiment("train.csv", 21);
        List<Predictions> seen = new ArrayList<>();
        Hooks hooks = Hooks.NONE.withMetrics(predictions -> {
            seen.add(predictions);
            int right = 0;
            for (int row = 0; row < predictions.rows(); row++) {
                int best = predictions.logits()[2 * row + 1] > predictions.logits()[2 * row] ? 1 : 0;
                right += best == predictions.labels()[row] ? 1 : 0;
            }
            return Map.of("my_accuracy", (double) right / predictions.rows());
        });
        TrainSummary done =
                Job.train(runs.recipe("a").train(data).validation(data).build(), hooks, TrainingListener.SILENT);
        assertThat(done.allResults())
                .containsEntry("eval_my_accuracy", done.allResults().get("eval_accuracy"));
        int[] labels = new int[21];
        for (int i = 0; i < labels.length; i++) labels[i] = i % 2 == 0 ? 1 : 0; // as Runs.sentiment alternates
        assertThat(seen).isNotEmpty().allSatisfy(p -> assertThat(p.labels()).isEqualTo(labels));
    }

    /** Hugging Face's compute_loss_func: the task's own loss by hand trains the same model; another one does not. */
    @Test
    void lossOfTheCaller() throws IOException {
        String data = runs.sentiment("train.csv", 32);
        Job.train(runs.recipe("own").train(data).build(), TrainingListener.SILENT);
        Hooks same = Hooks.NONE.withLoss(
                (logits, batch) -> Losses.crossEntropySum(logits, Tensor.ofInts(batch.labels()), 0));
        Job.train(runs.recipe("same").train(data).build(), same, TrainingListener.SILENT);
        Hooks other = Hooks.NONE.withLoss(
                (logits, batch) -> Losses.crossEntropySum(logits, Tensor.ofInts(batch.labels()), 0.3));
        Job.train(runs.recipe("other").train(data).build(), other, TrainingListener.SILENT);
        byte[] own = Files.readAllBytes(runs.output("own").resolve("model.safetensors"));
        assertThat(runs.output("same").resolve("model.safetensors")).hasBinaryContent(own);
        assertThat(Files.readAllBytes(runs.output("other").resolve("model.safetensors")))
                .isNotEqualTo(own);
    }

    /** As in the reference, the loss of an evaluation is smoothed where that of the training is. */
    @Test
    void labelSmoothingIsInTheEvaluationToo() {
        Runs still = new Runs(temp.resolve("still"), 0);
        String data = still.sentiment("train.csv", 16);
        List<LogEvent> log = new ArrayList<>();
        List<Double> evaluated = new ArrayList<>();
        Job.train(
                still.recipe(
                                "a",
                                b -> b.labelSmoothingFactor(0.2)
                                        .evalOnStart(true)
                                        .evalStrategy(IntervalStrategy.EPOCH)
                                        .perDeviceTrainBatchSize(16))
                        .train(data)
                        .validation(data)
                        .build(),
                new TrainingListener() {
                    @Override
                    public void onStepEnd(LogEvent event) {
                        log.add(event);
                    }

                    @Override
                    public void onEvaluate(dev.attune.train.EvaluationEvent event) {
                        evaluated.add(event.metrics().get("eval_loss"));
                    }
                });
        assertThat(evaluated.get(0))
                .as("the same rows and weights")
                .isCloseTo(log.get(0).loss(), within(1e-5));
    }

    @Test
    void aModelMayBeginUntrained() throws IOException {
        String data = runs.sentiment("train.csv", 32);
        Path config = Files.copy(runs.model.resolve("config.json"), temp.resolve("shape.json"));
        Path tokenizer = Files.createDirectories(temp.resolve("tokenizer"));
        Files.copy(runs.model.resolve("vocab.txt"), tokenizer.resolve("vocab.txt"));
        List<String> notes = new ArrayList<>();
        Recipe recipe = new RecipeReader()
                .text(
                        "my.yaml",
                        "model: {config: shape.json, tokenizer: tokenizer}\ntrain: train.csv\noutput_dir: "
                                + runs.output("a") + "\nmax_steps: 2\n",
                        temp)
                .forTraining();
        assertThat(recipe.job().model().config()).isEqualTo(config);
        Job.train(recipe, Runs.notesInto(notes));
        assertThat(notes).containsExactly("All weights are random: the model starts untrained.");
        Job.train(
                Recipe.builder()
                        .untrainedModel(config, tokenizer)
                        .train(data)
                        .training(recipe.training().toBuilder()
                                .outputDir(runs.output("b"))
                                .build())
                        .build(),
                TrainingListener.SILENT);
        assertThat(runs.output("a").resolve("model.safetensors"))
                .as("the seed decides the weights")
                .hasSameBinaryContentAs(runs.output("b").resolve("model.safetensors"));
        assertThat(Job.evaluate(runs.output("a"), data, TrainingListener.SILENT))
                .containsKey("eval_accuracy");
        JsonNode run = Golden.json(runs.output("a").resolve("run.json"));
        assertThat(run.at("/base_model").isNull()).isTrue();
        assertThat(runs.output("a").resolve("README.md"))
                .content()
                .contains(", trained from random weights with Attune");
        assertThat(run.at("/arguments/model_config").stringValue()).isEqualTo(config.toString());
        assertThatThrownBy(() -> new RecipeReader()
                        .text("my.yaml", "model: {config: shape.json}\ntrain: x\n", temp)
                        .forTraining())
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("my.yaml:1: An untrained model needs both");
    }

    @Test
    void aStepThatDivergesNamesTheRowsThatDo() {
        String data = runs.file(
                "train.csv", "text,label", "good film,a", "bad food,a", "the film,poison", "nice film,a", "the food,a");
        Hooks poison = Hooks.NONE.withLoss((logits, batch) -> {
            Tensor loss = Losses.crossEntropySum(logits, Tensor.ofInts(batch.labels()), 0);
            return Arrays.stream(batch.labels()).anyMatch(label -> label == 1) ? loss.mul(Double.NaN) : loss;
        });
        DivergedException diverged = catchThrowableOfType(
                DivergedException.class,
                () -> Job.train(
                        runs.recipe("a", b -> b.maxNonfiniteSteps(0))
                                .train(data)
                                .build(),
                        poison,
                        TrainingListener.SILENT));
        assertThat(diverged)
                .hasMessageStartingWith("Step 1: the loss is not a finite number, so the update was not made;")
                .hasMessageContaining("the loss of train.csv line 4 alone is not finite either");
        assertThat(diverged.exitCode()).isEqualTo(5);
        assertThatThrownBy(() -> Job.train(
                        runs.recipe("b", b -> b.perDeviceTrainBatchSize(5).numTrainEpochs(2))
                                .train(data)
                                .build(),
                        poison,
                        TrainingListener.SILENT))
                .as("nothing learned is no result")
                .isInstanceOf(DivergedException.class)
                .hasMessageStartingWith("None of 2 steps made an update");
    }

    /** One row of five is poison, in batches of one: its steps are left out, and the model learns from the others. */
    @Test
    void aStepThatIsNotFiniteIsLeftOut() throws IOException {
        String data = runs.file(
                "train.csv", "text,label", "good film,a", "bad food,a", "the film,poison", "nice film,a", "the food,a");
        Hooks poison = Hooks.NONE.withLoss((logits, batch) -> {
            Tensor loss = Losses.crossEntropySum(logits, Tensor.ofInts(batch.labels()), 0);
            return batch.labels()[0] == 1 ? loss.mul(Double.POSITIVE_INFINITY) : loss;
        });
        List<String> notes = new ArrayList<>();
        TrainSummary done = Job.train(
                runs.recipe(
                                "a",
                                b -> b.perDeviceTrainBatchSize(1)
                                        .numTrainEpochs(3)
                                        .maxNonfiniteSteps(1))
                        .train(data)
                        .build(),
                poison,
                Runs.notesInto(notes));
        assertThat(notes.stream().filter(note -> note.contains("so the update was not made")))
                .hasSize(3)
                .allMatch(note ->
                        note.matches("Step \\d+: the loss is not a finite number, so the update was not made; its"
                                + " rows were train.csv line 4\\."));
        assertThat(done.allResults().get("train_loss")).isFinite().isPositive();
        String metrics = Files.readString(runs.output("a").resolve("metrics.jsonl"));
        assertThat(metrics.lines().filter(line -> line.contains("\"loss\":null")))
                .hasSize(3);
        assertThat(metrics).doesNotContain("NaN");
    }

    @Test
    void aStepThatDivergesByItselfNamesItsRows() {
        String data = runs.sentiment("train.csv", 6);
        DivergedException diverged = catchThrowableOfType(
                DivergedException.class,
                () -> Job.train(
                        runs.recipe("a", b -> b.maxNonfiniteSteps(0))
                                .train(data)
                                .build(),
                        Hooks.NONE.withLoss((logits, batch) -> logits.sum().mul(Double.NaN)),
                        TrainingListener.SILENT));
        assertThat(diverged.getMessage())
                .containsPattern("its rows were train.csv line \\d, train.csv line \\d, train.csv line \\d and 3 more");
    }

    /** The base model's files are gone when the run ends: the model is there, and the hashes are not. */
    @Test
    void aModelThatVanishesDuringTheRunCostsOnlyItsHashes() throws IOException {
        String data = runs.sentiment("train.csv", 32);
        Job.train(runs.recipe("a").train(data).build(), new TrainingListener() {
            @Override
            public void onTrainBegin(dev.attune.train.RunInfo info) {
                try {
                    Files.delete(Path.of(data));
                    for (String name : List.of("config.json", "model.safetensors", "vocab.txt")) {
                        Files.delete(runs.model.resolve(name));
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        assertThat(runs.output("a").resolve("model.safetensors")).exists();
        assertThat(Golden.json(runs.output("a").resolve("run.json"))
                        .at("/model_files_sha256")
                        .isObject())
                .isTrue();
    }

    @Test
    void severalLabelsAndNumbersHaveReportsToo() throws IOException {
        String many = runs.file(
                "many.jsonl",
                "{\"text\": \"good film\", \"labels\": [\"film\", \"good\"]}",
                "{\"text\": \"bad food\", \"labels\": [\"food\"]}",
                "{\"text\": \"nice food\", \"labels\": [\"food\", \"good\"]}");
        TrainSummary done =
                Job.train(runs.recipe("many").train(many).validation(many).build(), TrainingListener.SILENT);
        assertThat(done.report())
                .startsWith("Each label\n\nlabel  precision  recall  f1-score  support\nfilm ")
                .contains("Worst examples by loss", "Expected calibration error ");
        Document page = Pages.check(Files.readString(runs.output("many").resolve("report.html")));
        assertThat(Pages.texts(page, "h3"))
                .containsExactly("Each label", "Reliability of the probabilities", "Worst examples by loss");
        assertThat(Pages.texts(page, "td")).contains("many.jsonl line 1", "film, good");
        String numbers = runs.file("n.csv", "text,stars", "good film,4.5", "bad food,1.5", "the film,3.0");
        done = Job.train(
                runs.recipe("numbers").train(numbers).validation(numbers).build(), TrainingListener.SILENT);
        assertThat(done.report()).startsWith("Largest errors\n\nrow").contains("n.csv line ", "good film");
        assertThat(runs.output("numbers").resolve("predicted.svg")).content().contains("<circle");
        page = Pages.check(Files.readString(runs.output("numbers").resolve("report.html")));
        assertThat(Pages.texts(page, "h3")).containsExactly("Predicted against true numbers", "Largest errors");
        JsonNode report = Golden.json(runs.output("numbers").resolve("report.json"));
        assertThat(report.at("/0/kind").stringValue()).isEqualTo("points");
        assertThat(report.at("/0/x").size()).isEqualTo(3);
        assertThat(runs.output("numbers").resolve("README.md"))
                .content()
                .as("a card is published, the data are not")
                .doesNotContain("good film");
    }

    @Test
    void labelsThatAreNoneAreDataErrors() {
        assertThat(data("{\"text\": \"a\", \"label\": [\"x\", null]}", "{\"text\": \"b\", \"label\": [\"y\"]}"))
                .hasMessage("train.jsonl line 1: the list of labels in column \"label\" holds a null, expected texts."
                        + " Take it out of the list.");
        assertThat(data("{\"text\": \"a\", \"label\": [[\"x\"]]}", "{\"text\": \"b\", \"label\": [\"y\"]}"))
                .hasMessageContaining("train.jsonl line 1: the list of labels in column \"label\" holds a list");
        assertThat(data("{\"text\": \"a\", \"label\": {\"x\": 1}}", "{\"text\": \"b\", \"label\": \"y\"}"))
                .hasMessageContaining("train.jsonl line 1: the label in column \"label\" is an object");
        assertThat(data("{\"text\": {\"a\": 1}, \"label\": \"x\"}", "{\"text\": \"b\", \"label\": \"y\"}"))
                .hasMessage(
                        "train.jsonl line 1: the text in column \"text\" is an object, expected a text. Name another"
                                + " column, or turn it into a text first.");
        assertThat(data("{\"text\": [\"a\"], \"label\": \"x\"}", "{\"text\": \"b\", \"label\": \"y\"}"))
                .hasMessageContaining("is a list, expected a text");
    }

    private DataException data(String... lines) {
        String file = runs.file("train.jsonl", lines);
        return catchThrowableOfType(
                DataException.class,
                () -> Job.train(runs.recipe("none").train(file).build(), TrainingListener.SILENT));
    }

    @Test
    void numbersInListsAreLabels() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Map<String, Object> row = new HashMap<>();
            row.put("text", i % 2 == 0 ? "good film" : "bad food");
            row.put("label", i % 2 == 0 ? new int[] {1, 2} : new int[] {3});
            rows.add(row);
        }
        Dataset data = Datasets.of("rows", rows);
        Job.train(runs.recipe("a").train("rows").build(), data, null, TrainingListener.SILENT);
        assertThat(Golden.json(runs.output("a").resolve("config.json"))
                        .get("id2label")
                        .toString())
                .isEqualTo("{\"0\":\"1\",\"1\":\"2\",\"2\":\"3\"}");
    }

    @Test
    void theCurveShowsEveryStepWithoutAnEvaluation() throws IOException {
        Job.train(
                runs.recipe("a", b -> b.loggingSteps(500))
                        .train(runs.sentiment("train.csv", 64))
                        .build(),
                TrainingListener.SILENT);
        String picture = Files.readString(runs.output("a").resolve("loss.svg"));
        int steps = 64 / 8;
        assertThat(picture.split("[ML]\\d").length - 1).as("points of lines").isGreaterThanOrEqualTo(steps);
    }

    @Test
    void namedTextMeansNoPair() {
        String pairs = runs.file("pairs.csv", "question,sentence,label", "good film,the film,a", "bad food,the food,b");
        List<String> notes = new ArrayList<>();
        Job.train(
                runs.recipe("single")
                        .train(pairs)
                        .settings(TextClassificationSettings.builder()
                                .textColumn("question")
                                .build())
                        .build(),
                Runs.notesInto(notes));
        assertThat(notes).anySatisfy(note -> assertThat(note).startsWith("The column sentence is not read"));
        JsonNode run = Golden.json(runs.output("single").resolve("run.json"));
        assertThat(run.at("/columns").toString()).isEqualTo("{\"text\":\"question\",\"label\":\"label\"}");
    }
}
