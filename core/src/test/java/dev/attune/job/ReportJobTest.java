package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.DataSource;
import dev.attune.error.ConfigException;
import dev.attune.model.Golden;
import dev.attune.report.Events;
import dev.attune.report.Pages;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.ReportTo;
import dev.attune.train.SchedulerType;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page of a run and its event file. */
class ReportJobTest extends RunsFixture {
    private static final String WRONG = "v.csv line 9";

    /** Rows as those that are learned, but one says the opposite of what it should. */
    private String validation() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of(runs.sentiment("v.csv", 20))));
        assertThat(lines.get(8)).endsWith(",negative");
        lines.set(8, lines.get(8).replace(",negative", ",positive"));
        return runs.file("v.csv", lines);
    }

    private void train(String output) throws IOException {
        Job.train(
                runs.recipe(
                                output,
                                b -> b.numTrainEpochs(40).learningRate(2e-3).lrSchedulerType(SchedulerType.CONSTANT))
                        .train(runs.sentiment("train.csv", 64))
                        .validation(validation())
                        .build(),
                TrainingListener.SILENT);
    }

    @Test
    void aWrongLabelIsSuspectAndThePageShowsWhatCameOfTheRun() throws IOException {
        train("a");
        Path folder = runs.output("a");
        JsonNode report = Golden.json(folder.resolve("report.json"));
        Map<String, JsonNode> parts = new LinkedHashMap<>();
        report.forEach(part -> parts.put(part.get("name").stringValue(), part));
        assertThat(parts.keySet()).containsExactly("confusion", "reliability", "suspects", "worst");
        JsonNode suspects = parts.get("suspects");
        assertThat(suspects.get("columns").toString())
                .isEqualTo("[\"row\",\"label\",\"likely\",\"p(label)\",\"p(likely)\",\"text\"]");
        assertThat(suspects.get("rows")).hasSize(1);
        assertThat(suspects.at("/rows/0/0").stringValue()).isEqualTo(WRONG);
        assertThat(suspects.at("/rows/0/1").stringValue()).isEqualTo("positive");
        assertThat(suspects.at("/rows/0/2").stringValue()).isEqualTo("negative");
        assertThat(suspects.at("/rows/0/4").doubleValue()).isGreaterThan(0.9);
        JsonNode worst = parts.get("worst").get("rows");
        assertThat(worst.at("/0/0").stringValue()).isEqualTo(WRONG);
        double loss = worst.at("/0/4").doubleValue();
        assertThat(loss).isGreaterThan(Math.log(10));
        assertThat(worst).as("no others are wrong").hasSize(1);
        assertThat(Math.exp(-loss)).isCloseTo(suspects.at("/rows/0/3").doubleValue(), within(1e-9));
        long answers = 0;
        for (JsonNode range : parts.get("reliability").get("ranges"))
            answers += range.get("answers").longValue();
        assertThat(answers).isEqualTo(20);

        String html = Files.readString(folder.resolve("report.html"));
        assertThat(html).as("folders of this machine").doesNotContain(temp.toString());
        Document page = Pages.check(html);
        assertThat(Pages.texts(page, "h2"))
                .containsExactly(
                        "Results", "Data", "Model and arguments", "Course of the training", "Evaluation", "Notes");
        assertThat(Pages.texts(page, "h3"))
                .containsExactly(
                        "Confusion matrix",
                        "Reliability of the probabilities",
                        "Labels that are likely to be wrong",
                        "Worst examples by loss");
        assertThat(Pages.texts(page, "title")).contains("Loss", "Learning rate", "Confusion matrix");
        assertThat(Pages.texts(page, "td"))
                .contains(WRONG, "eval_accuracy", "learning_rate", "0.002", "validation", "v.csv", "64", "20")
                .as("only what is not the default")
                .doesNotContain("adam_beta1", "weight_decay", "save_strategy");
        assertThat(folder.resolve("README.md"))
                .content()
                .contains("reliability.svg")
                .doesNotContain(WRONG, "likely to be wrong");
        assertThat(Golden.json(folder.resolve("run.json")).get("files").toString())
                .contains("\"report.html\"", "\"reliability.svg\"")
                .doesNotContain("tfevents");
    }

    @Test
    void anEvaluationHasAPageToo() throws IOException {
        train("a");
        Path page = temp.resolve("out/test.html");
        String data = temp.resolve("v.csv").toString();
        TrainedOptions options = TrainedOptions.of(runs.output("a").toString());
        Map<String, Double> results = TrainedJob.evaluate(options, DataSource.of(data), page, TrainingListener.SILENT);
        assertThat(results).containsKeys("eval_loss", "eval_accuracy", "eval_samples");
        Document read = Pages.check(Files.readString(page));
        assertThat(Pages.texts(read, "h2"))
                .containsExactly("Results", "Data", "Model and arguments", "Evaluation", "Notes");
        assertThat(Pages.texts(read, "h3")).contains("Labels that are likely to be wrong", "Worst examples by loss");
        assertThat(Pages.texts(read, "td")).contains(WRONG, "evaluated", "v.csv", "text-classification");
        assertThatThrownBy(() ->
                        TrainedJob.evaluate(options, DataSource.of(data), temp.resolve("out"), TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("it is a directory");
    }

    @Test
    void withoutValidationThePageHasTheCourseOnly() throws IOException {
        Job.train(runs.recipe("a").train(runs.sentiment("train.csv", 16)).build(), TrainingListener.SILENT);
        Document page = Pages.check(Files.readString(runs.output("a").resolve("report.html")));
        assertThat(Pages.texts(page, "h2"))
                .containsExactly("Results", "Data", "Model and arguments", "Course of the training", "Notes");
    }

    /** A model, labels, columns and files whose names are markup. */
    @Test
    void namesFromOutsideAreText() throws IOException {
        String name = "a<b>&'\"\u202e.csv";
        String hostile = "<script>alert(1)</script>";
        List<String> lines = new ArrayList<>(List.of("text,label"));
        for (int i = 0; i < 16; i++)
            lines.add("good " + hostile + ",\"" + (i % 2 == 0 ? hostile : "b\u0007\"\"&") + '"');
        String data = runs.file(name, lines);
        Job.train(
                runs.recipe("a", b -> b.runName("</td><img src=x onerror=alert(1)>"))
                        .train(data)
                        .validation(data)
                        .build(),
                TrainingListener.SILENT);
        String html = Files.readString(runs.output("a").resolve("report.html"));
        Document page = Pages.check(html);
        assertThat(Pages.texts(page, "td"))
                .contains(hostile, "b\uFFFD\"&", "a<b>&'\"\uFFFD.csv", "</td><img src=x onerror=alert(1)>")
                .anyMatch(cell -> cell.startsWith("good " + hostile));
    }

    private List<Events.Event> events(String output, int file) throws IOException {
        return Events.read(Events.files(runs.output(output)).get(file));
    }

    @Test
    void theEventFileHasTheNumbersOfMetricsJsonl() throws IOException {
        String data = runs.sentiment("train.csv", 32);
        Recipe.Builder recipe = runs.recipe(
                        "a",
                        b -> b.reportTo(ReportTo.TENSORBOARD)
                                .numTrainEpochs(2)
                                .loggingSteps(2)
                                .evalStrategy(IntervalStrategy.EPOCH))
                .train(data)
                .validation(data);
        Job.train(recipe.build(), TrainingListener.SILENT);
        assertThat(Events.files(runs.output("a"))).hasSize(1);
        List<Events.Event> events = events("a", 0);
        assertThat(events.get(1).isStart()).isTrue();
        int at = 2;
        for (String line : Files.readAllLines(runs.output("a").resolve("metrics.jsonl"))) {
            JsonNode record = JsonMapper.shared().readTree(line);
            String kind = record.get("event").stringValue();
            if (!kind.equals("log") && !kind.equals("evaluate")) continue;
            Events.Event event = events.get(at++);
            assertThat(event.step()).isEqualTo(record.get("step").longValue());
            record.properties().forEach(entry -> {
                String name = entry.getKey();
                if (name.equals("event") || name.equals("step")) return;
                String tag = name.startsWith("eval_") ? "eval/" + name.substring(5) : "train/" + name;
                assertThat(event.scalars())
                        .containsEntry(tag, (float) entry.getValue().doubleValue());
            });
            assertThat(event.scalars()).hasSize(record.size() - 2);
        }
        assertThat(at).isEqualTo(events.size() - 1);
        assertThat(events.get(at).step()).isEqualTo(8);
        assertThat(events.get(at).scalars())
                .containsOnlyKeys(
                        "train/epoch",
                        "train/train_loss",
                        "train/train_runtime",
                        "train/train_samples_per_second",
                        "train/train_steps_per_second");
        String file = Events.files(runs.output("a")).get(0).getFileName().toString();
        assertThat(Golden.json(runs.output("a").resolve("run.json"))
                        .get("files")
                        .toString())
                .contains('"' + file + '"');

        assertThatThrownBy(() -> Job.train(recipe.build(), TrainingListener.SILENT))
                .hasMessageContaining("overwrite");
        Job.train(runs.recipe("a").train(data).overwrite(true).build(), TrainingListener.SILENT);
        assertThat(Events.files(runs.output("a"))).as("those of the older run").isEmpty();
    }

    @Test
    void anEventFileOfSomebodyElseIsNotMixedIn() throws IOException {
        Path other = Files.createDirectories(runs.output("a")).resolve("events.out.tfevents.1.host.2.0");
        Files.writeString(other, "precious");
        Recipe recipe = runs.recipe("a").train(runs.sentiment("train.csv", 16)).build();
        assertThatThrownBy(() -> Job.train(recipe, TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("already holds events.out.tfevents.1.host.2.0");
        assertThat(other).hasContent("precious");
    }
}
