package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import dev.attune.model.Golden;
import dev.attune.train.Checkpoints;
import dev.attune.train.EvaluationEvent;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.SaveStrategy;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Evaluation on several sets: as the reference's Trainer does with a dictionary of them. */
class ValidationSetsTest extends RunsFixture {
    private Recipe.Builder recipe(String name) {
        return runs.recipe(
                        name,
                        b -> b.numTrainEpochs(3)
                                .evalStrategy(IntervalStrategy.EPOCH)
                                .saveStrategy(SaveStrategy.EPOCH))
                .train(runs.sentiment("train.csv", 16))
                .validation(runs.sentiment("v.csv", 12))
                .validationSet("same", runs.sentiment("v.csv", 12))
                .validationSet("shortone", runs.sentiment("short.csv", 5));
    }

    @Test
    void eachSetIsEvaluatedByItself() throws IOException {
        List<EvaluationEvent> events = new ArrayList<>();
        TrainSummary done = Job.train(recipe("a").build(), new TrainingListener() {
            @Override
            public void onEvaluate(EvaluationEvent event) {
                events.add(event);
            }
        });
        Map<String, Double> results = done.allResults();
        for (String metric : List.of("loss", "accuracy", "f1_macro", "samples")) {
            assertThat(results).as(metric).containsEntry("eval_same_" + metric, results.get("eval_" + metric));
        }
        Map<String, Double> alone =
                Job.evaluate(runs.output("a"), temp.resolve("short.csv").toString(), TrainingListener.SILENT);
        assertThat(results)
                .containsEntry("eval_shortone_loss", alone.get("eval_loss"))
                .containsEntry("eval_shortone_samples", 5.0);
        assertThat(events.subList(0, 3))
                .extracting(EvaluationEvent::set)
                .as("one event a set, as in the reference")
                .containsExactly("", "same", "shortone");
        assertThat(events.get(2).metrics().keySet()).allMatch(name -> name.startsWith("eval_shortone_"));

        Path output = runs.output("a");
        List<JsonNode> lines = Files.readAllLines(output.resolve("metrics.jsonl")).stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .filter(line -> line.path("event").asString().equals("evaluate"))
                .toList();
        assertThat(lines).hasSameSizeAs(events);
        assertThat(lines.get(1).has("eval_same_loss")).isTrue();
        assertThat(Golden.json(output.resolve("all_results.json"))
                        .path("eval_shortone_samples")
                        .isIntegralNumber())
                .isTrue();
        JsonNode run = Golden.json(output.resolve("run.json"));
        assertThat(run.at("/data/validation_shortone/rows").intValue()).isEqualTo(5);
        assertThat(run.at("/arguments/validation_sets/0").stringValue()).startsWith("same=");
        assertThat(run.at("/files").toString()).contains("\"confusion.svg\"", "\"shortone-confusion.svg\"");
        assertThat(output.resolve("README.md")).content().contains("`eval_shortone_accuracy`");
        assertThat(output.resolve("loss.svg"))
                .content()
                .contains(">evaluation loss<", ">same loss<", ">shortone loss<");
    }

    @Test
    void aNamedSetTellsTheBestModel() {
        Recipe recipe = recipe("a").build();
        TrainSummary done = Job.train(
                recipe.toBuilder()
                        .training(recipe.training().toBuilder()
                                .loadBestModelAtEnd(true)
                                .metricForBestModel("shortone_loss")
                                .build())
                        .build(),
                TrainingListener.SILENT);
        assertThat(done.allResults()).containsKey("eval_shortone_loss");
        JsonNode state = Golden.json(newest(runs.output("a")).resolve("trainer_state.json"));
        double best = Double.POSITIVE_INFINITY;
        for (JsonNode row : state.path("log_history")) {
            if (row.has("eval_shortone_loss")) {
                assertThat(row.has("eval_loss")).as("a row a set").isFalse();
                best = Math.min(best, row.path("eval_shortone_loss").doubleValue());
            }
        }
        assertThat(state.path("best_metric").doubleValue()).isEqualTo(best);
    }

    /** Resuming brings back all curves and records. */
    @Test
    void aRunThatGoesOnEndsAsIfUndisturbed() throws IOException {
        Job.train(recipe("whole").build(), TrainingListener.SILENT);
        TrainerControl control = new TrainerControl();
        int[] seen = {0};
        assertThatThrownBy(() ->
                        Job.train(recipe("cut").build(), Hooks.NONE.withControl(control), new TrainingListener() {
                            @Override
                            public void onEvaluate(EvaluationEvent event) {
                                if (++seen[0] == 3) control.cancel();
                            }
                        }))
                .hasMessageStartingWith("Stopped after step");
        Job.train(recipe("cut").resumeFromCheckpoint("must").build(), TrainingListener.SILENT);
        for (String file : List.of("model.safetensors", "loss.svg", "confusion.svg", "shortone-confusion.svg")) {
            assertThat(runs.output("cut").resolve(file))
                    .as(file)
                    .hasSameBinaryContentAs(runs.output("whole").resolve(file));
        }
    }

    @Test
    void theyMayStandAlone() {
        runs.sentiment("train.csv", 16);
        runs.sentiment("arabic.csv", 6);
        Recipe recipe = read("validation_sets: [arabic = arabic.csv]\nnum_train_epochs: 1\n");
        assertThat(recipe.training().evalStrategy()).isEqualTo(IntervalStrategy.EPOCH);
        assertThat(recipe.job().validationSets())
                .as("looked for beside the recipe")
                .containsExactly("arabic = " + temp.resolve("arabic.csv"));
        assertThat(Job.train(recipe, TrainingListener.SILENT).allResults())
                .containsEntry("eval_arabic_samples", 6.0)
                .doesNotContainKeys("eval_loss", "eval_samples");
        assertThat(read("validation_sets: arabic=arabic.csv\n").job().namedValidation())
                .hasEntrySatisfying(
                        "arabic", source -> assertThat(source.text()).isEqualTo(temp.resolve("arabic.csv") + ""));
        assertThatThrownBy(() -> read("validation_sets: [arabic=arabic.csv]\nsave_strategy: epoch\n"
                        + "load_best_model_at_end: true\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "my.yaml:4: metric_for_best_model is not set, which means eval_loss, but all validation data have"
                                + " a name. Set it to a result of one of them, for instance eval_arabic_loss.");
    }

    @Test
    void mistakesAreNamed() {
        assertMistake("[ar.csv]", "validation_sets has the entry \"ar.csv\", but one is a name of");
        assertMistake("[Ar_abic=ar.csv]", "validation_sets has the entry \"Ar_abic=ar.csv\", but one is");
        assertMistake("[test=ar.csv]", "validation_sets calls a set \"test\", which means other data.");
        assertMistake("[a=x.csv, a=y.csv]", "validation_sets has two sets called \"a\".");
        assertMistake("[\"a=jdbc:sqlite:x\"]", "validation_sets has the URL of a database for \"a\"");
        assertThatThrownBy(() -> Job.train(
                        recipe("a")
                                .validationSet("f1", temp.resolve("v.csv").toString())
                                .build(),
                        Hooks.NONE.withMetrics(all -> Map.of("f1_loss", 1.0)),
                        TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "The validation set \"f1\" gives eval_f1_loss, but so does another set. Give it another name.");
    }

    private void assertMistake(String sets, String sentence) {
        assertThatThrownBy(() -> read("validation_sets: " + sets + "\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("my.yaml:4: " + sentence);
    }

    private Recipe read(String more) {
        String yaml = "model: " + runs.model + "\ntrain: train.csv\noutput_dir: " + runs.output("y") + "\n" + more;
        return new RecipeReader().text("my.yaml", yaml, temp).forTraining();
    }

    private static Path newest(Path output) {
        return new Checkpoints(output).newest().folder();
    }
}
