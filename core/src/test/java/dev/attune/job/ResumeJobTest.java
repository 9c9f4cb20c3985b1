package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.error.StoppedException;
import dev.attune.model.Golden;
import dev.attune.report.Events;
import dev.attune.report.Pages;
import dev.attune.train.EvaluationEvent;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.LogEvent;
import dev.attune.train.OptimizerNames;
import dev.attune.train.ReportTo;
import dev.attune.train.SaveEvent;
import dev.attune.train.SaveStrategy;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingArgumentsBuilder;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Runs that break off and go on. */
class ResumeJobTest extends RunsFixture {
    private static final class Broken extends RuntimeException {}

    /** A run that dies in this step, before anything is recorded of it. */
    private void breakAt(int step, Recipe recipe) {
        assertThatThrownBy(() -> Job.train(recipe, new TrainingListener() {
                    @Override
                    public void onStepEnd(LogEvent event) {
                        if (event.step() == step) throw new Broken();
                    }
                }))
                .isInstanceOf(Broken.class);
    }

    private Recipe.Builder recipe(String task, String output, UnaryOperator<TrainingArgumentsBuilder> change) {
        Recipe.Builder recipe = runs.recipe(
                        output,
                        b -> change.apply(b.numTrainEpochs(3)
                                .evalStrategy(IntervalStrategy.EPOCH)
                                .saveSteps(3)))
                .task(task)
                .maxLength(16);
        String data = runs.rows(task);
        return recipe.train(data).validation(data);
    }

    /** The names and the numbers that are not times. */
    private static List<String> record(Path run) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            lines.add(line.replaceAll(
                    "\"(\\w*per_second|real_token_share|resident_bytes|eval_runtime)\":[-+0-9.eE]+", "\"$1\":0"));
        }
        return lines;
    }

    /** The pictures of the page, which is well-formed. */
    private static List<String> pictures(Path run) throws IOException {
        String html = Files.readString(run.resolve("report.html"));
        Pages.check(html);
        List<String> pictures = new ArrayList<>(List.of(html.split("(?=<svg )")));
        assertThat(pictures).as("curves of loss and rate at least").hasSizeGreaterThanOrEqualTo(3);
        pictures.remove(0);
        pictures.replaceAll(picture -> picture.substring(0, picture.indexOf("</svg>")));
        return pictures;
    }

    @Test
    void theEventsOfARunThatGoesOnTakeThePlaceOfThoseItLost() throws IOException {
        UnaryOperator<TrainingArgumentsBuilder> change = b -> b.reportTo(ReportTo.TENSORBOARD);
        breakAt(6, recipe("text-classification", "a", change).build());
        Job.train(
                recipe("text-classification", "a", change)
                        .resumeFromCheckpoint("must")
                        .build(),
                TrainingListener.SILENT);
        List<Path> files = Events.files(runs.output("a"));
        assertThat(files).hasSize(2);
        List<Events.Event> first = Events.read(files.get(0));
        List<Events.Event> second = Events.read(files.get(1));
        assertThat(first).extracting(Events.Event::step).contains(5L);
        assertThat(second.get(1).isStart()).isTrue();
        assertThat(second.get(1).step()).as("after checkpoint-3").isEqualTo(4);
        assertThat(second).extracting(Events.Event::step).contains(4L, 5L, 12L);
        assertThat(Golden.json(runs.output("a").resolve("run.json"))
                        .get("files")
                        .toString())
                .contains(
                        files.get(0).getFileName().toString(),
                        files.get(1).getFileName().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "text-classification, 5, false",
        "text-classification, 11, true",
        "token-classification, 8, false",
        "question-answering, 7, true",
        "fill-mask, 10, false"
    })
    void aRunThatBrokeOffEndsAsIfItHadNot(String task, int step, boolean bf16) throws IOException {
        UnaryOperator<TrainingArgumentsBuilder> change = b -> b.bf16(bf16);
        Job.train(recipe(task, "a", change).build(), TrainingListener.SILENT);
        breakAt(step, recipe(task, "b", change).build());
        Path broken = runs.output("b");
        assertThat(broken.resolve("model.safetensors")).doesNotExist();

        List<String> notes = new ArrayList<>();
        Job.train(recipe(task, "b", change).resumeFromCheckpoint("auto").build(), Runs.notesInto(notes));

        int from = (step - 1) / 3 * 3;
        assertThat(notes).contains("Going on from " + broken.resolve("checkpoint-" + from) + ".");
        assertThat(broken.resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("a").resolve("model.safetensors"));
        assertThat(record(broken))
                .filteredOn(line -> !line.contains("\"event\":\"save\",\"step\":" + from + ","))
                .containsExactlyElementsOf(record(runs.output("a")).stream()
                        .filter(line -> !line.contains("\"event\":\"save\",\"step\":" + from + ","))
                        .toList());
        assertThat(broken.resolve("loss.svg"))
                .hasSameTextualContentAs(runs.output("a").resolve("loss.svg"));
        assertThat(pictures(broken)).isEqualTo(pictures(runs.output("a")));
        JsonNode all = Golden.json(runs.output("a").resolve("all_results.json"));
        JsonNode resumed = Golden.json(broken.resolve("all_results.json"));
        for (String key : List.of("train_loss", "eval_loss", "epoch", "train_samples")) {
            assertThat(resumed.get(key)).as(key).isEqualTo(all.get(key));
        }
        JsonNode run = Golden.json(broken.resolve("run.json"));
        assertThat(run.get("resumed")).hasSize(1);
        assertThat(run.at("/resumed/0/checkpoint").stringValue()).endsWith("checkpoint-" + from);
    }

    private Recipe.Builder classes(String output) {
        return recipe("text-classification", output, b -> b);
    }

    @Test
    void anotherRunIsRefusedWithWhatDiffers() throws IOException {
        breakAt(5, classes("a").build());
        Recipe.Builder other = recipe(
                        "text-classification", "a", b -> b.learningRate(1e-3).seed(7))
                .resumeFromCheckpoint("true");
        assertThatThrownBy(() -> Job.train(other.build(), TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessage("The run that made " + runs.output("a").resolve("checkpoint-3")
                        + " was another one: learning_rate was 0.005 and is 0.001, seed was 42 and is 7. Give this run the"
                        + " same values, choose another output_dir for a run from the first step on, or say what counts:"
                        + " on_change: keep (the arguments of before) or apply (the new values).");
        Files.writeString(
                Path.of(runs.rows("text-classification")), "text,label\nthe film was good,positive\nbad,negative\n");
        Recipe.Builder rows = runs.recipe(
                        "a",
                        b -> b.numTrainEpochs(3)
                                .evalStrategy(IntervalStrategy.EPOCH)
                                .saveSteps(3))
                .maxLength(16)
                .train(runs.folder.resolve("classes.csv").toString())
                .validation(runs.folder.resolve("classes.csv").toString());
        assertThatThrownBy(() -> Job.train(rows.resumeFromCheckpoint("auto").build(), TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("train has other rows, validation has other rows");
        // Neither has changed anything: the run goes on.
        Job.train(classes("a").resumeFromCheckpoint("must").build(), TrainingListener.SILENT);
        assertThat(runs.output("a").resolve("model.safetensors")).isRegularFile();
    }

    @Test
    void theArgumentsOfBeforeCanBeKept() {
        breakAt(5, classes("a").build());
        List<String> notes = new ArrayList<>();
        Job.train(
                recipe("text-classification", "a", b -> b.learningRate(1e-3).seed(7))
                        .resumeFromCheckpoint("auto")
                        .onChange(OnChange.KEEP)
                        .build(),
                Runs.notesInto(notes));
        assertThat(notes)
                .contains("learning_rate is 0.005 as before, and not 0.001.", "seed is 42 as before, and not 7.");
        Job.train(classes("b").build(), TrainingListener.SILENT);
        assertThat(runs.output("a").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("b").resolve("model.safetensors"));
    }

    /** 28 rows in batches of 8 up to the third step, then in batches of 2: the last four rows of the epoch in two steps. */
    @Test
    void newValuesCanBeApplied() {
        breakAt(5, classes("a").build());
        List<String> notes = new ArrayList<>();
        List<Double> epochs = new ArrayList<>();
        TrainSummary done = Job.train(
                recipe(
                                "text-classification",
                                "a",
                                b -> b.perDeviceTrainBatchSize(2).numTrainEpochs(2))
                        .resumeFromCheckpoint("auto")
                        .onChange(OnChange.APPLY)
                        .build(),
                new TrainingListener() {
                    @Override
                    public void onStepEnd(LogEvent event) {
                        epochs.add(event.epoch());
                    }

                    @Override
                    public void onMessage(String text) {
                        notes.add(text);
                    }
                });
        assertThat(notes)
                .contains("This run goes on with other values: num_train_epochs was 3.0 and is 2.0,"
                        + " per_device_train_batch_size was 8 and is 2.");
        assertThat(epochs).startsWith(13 / 14.0, 1.0, 15 / 14.0);
        assertThat(done.allResults()).containsKey("eval_accuracy");
    }

    @Test
    void anotherOptimizerCannotBeApplied() {
        breakAt(5, classes("a").build());
        assertThatThrownBy(() -> Job.train(
                        recipe("text-classification", "a", b -> b.optim(OptimizerNames.SGD))
                                .resumeFromCheckpoint("auto")
                                .onChange(OnChange.APPLY)
                                .build(),
                        TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "on_change is apply, but optim was adamw_torch_fused and is sgd, and no optimizer can go"
                                + " on with what another one remembers.");
    }

    @Test
    void withoutACheckpointAutoStartsAnewAndMustFails() throws IOException {
        breakAt(2, classes("a").build());
        Recipe.Builder again = classes("a");
        assertThatThrownBy(() -> Job.train(again.build(), TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("already holds a run");
        assertThatThrownBy(() ->
                        Job.train(classes("a").resumeFromCheckpoint("must").build(), TrainingListener.SILENT))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("There is no whole checkpoint in " + runs.output("a")
                        + " to go on from. Train without resume_from_checkpoint, or with auto.");
        List<String> notes = new ArrayList<>();
        Job.train(classes("a").resumeFromCheckpoint("auto").build(), Runs.notesInto(notes));
        assertThat(notes)
                .contains(
                        "There is no whole checkpoint in " + runs.output("a") + " to go on from: the run starts anew.");

        // A run that came to its end without a checkpoint is not thrown away.
        Files.walk(runs.output("a"))
                .filter(file -> file.getFileName().toString().equals("manifest.json"))
                .forEach(file -> {
                    try {
                        Files.delete(file);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        assertThatThrownBy(() ->
                        Job.train(classes("a").resumeFromCheckpoint("auto").build(), TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("already holds a run");
    }

    /** Where all checkpoints are damaged a person has to decide; a run that ended is not replaced by one that was to go on. */
    @Test
    void nothingIsLostWhereThereIsNothingToGoOnFrom() throws IOException {
        breakAt(5, classes("a").build());
        Path weights = runs.output("a").resolve("checkpoint-3/model.safetensors");
        Files.write(weights, new byte[] {1});
        assertThatThrownBy(() ->
                        Job.train(classes("a").resumeFromCheckpoint("auto").build(), TrainingListener.SILENT))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("All checkpoints in " + runs.output("a") + " are damaged")
                .hasMessageContaining("\nSkipped checkpoint-3: model.safetensors has 1 bytes, but");
        assertThat(weights).isRegularFile();

        UnaryOperator<TrainingArgumentsBuilder> unsaved = b -> b.saveStrategy(SaveStrategy.NO);
        Job.train(recipe("text-classification", "b", unsaved).build(), TrainingListener.SILENT);
        Recipe.Builder again =
                recipe("text-classification", "b", unsaved).overwrite(true).resumeFromCheckpoint("auto");
        assertThatThrownBy(() -> Job.train(again.build(), TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("already holds a run");
        assertThat(runs.output("b").resolve("model.safetensors")).isRegularFile();
    }

    @Test
    void aDamagedCheckpointIsSkippedAndSaid() throws IOException {
        breakAt(8, classes("a").build());
        Path newest = runs.output("a").resolve("checkpoint-6");
        Path weights = newest.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 1;
        Files.write(weights, bytes);
        List<String> notes = new ArrayList<>();
        Job.train(classes("a").resumeFromCheckpoint("auto").build(), Runs.notesInto(notes));
        assertThat(notes)
                .contains(
                        "Skipped checkpoint-6: model.safetensors has another content than was written.",
                        "Going on from " + runs.output("a").resolve("checkpoint-3") + ".");
        Job.train(classes("b").build(), TrainingListener.SILENT);
        assertThat(runs.output("a").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("b").resolve("model.safetensors"));
    }

    @Test
    void aCheckpointByItsFolder() {
        breakAt(8, classes("a").build());
        Path chosen = runs.output("a").resolve("checkpoint-3");
        Job.train(classes("b").resumeFromCheckpoint(chosen.toString()).build(), TrainingListener.SILENT);
        Job.train(classes("c").build(), TrainingListener.SILENT);
        assertThat(runs.output("b").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("c").resolve("model.safetensors"));
        assertThat(runs.output("a").resolve("model.safetensors")).doesNotExist();
        assertThatThrownBy(() -> Job.train(
                        classes("c").resumeFromCheckpoint(chosen.toString()).build(), TrainingListener.SILENT))
                .as("another run is not replaced")
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("already holds a run");
        assertThatThrownBy(() -> Job.train(
                        classes("d").resumeFromCheckpoint(chosen + "0").build(), TrainingListener.SILENT))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("resume_from_checkpoint is " + chosen
                        + "0, but there is no such folder. Choose another one, or auto.");
    }

    /** Whatever the run knows, its checkpoints know: task, columns, length. */
    @Test
    void aCheckpointIsAModelToUse() {
        Recipe recipe = recipe("token-classification", "a", b -> b.maxSteps(3)).build();
        TrainSummary done = Job.train(recipe, TrainingListener.SILENT);
        Map<String, Double> results = Job.evaluate(
                runs.output("a").resolve("checkpoint-3"), runs.rows("token-classification"), TrainingListener.SILENT);
        assertThat(results.get("eval_loss")).isEqualTo(done.allResults().get("eval_loss"));
        assertThat(results.get("eval_f1")).isEqualTo(done.allResults().get("eval_f1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "must"})
    void aRunThatEndedGoesOnToItsEnd(String mode) throws IOException {
        Job.train(classes("a").build(), TrainingListener.SILENT);
        byte[] model = Files.readAllBytes(runs.output("a").resolve("model.safetensors"));
        Map<String, Double> results = Job.train(
                        classes("a").overwrite(true).resumeFromCheckpoint(mode).build(), TrainingListener.SILENT)
                .allResults();
        assertThat(Files.readAllBytes(runs.output("a").resolve("model.safetensors")))
                .isEqualTo(model);
        assertThat(results).containsEntry("epoch", 3.0).containsKey("eval_accuracy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "steps"})
    void aCancelledRunIsSavedAndGoesOn(String saving) {
        UnaryOperator<TrainingArgumentsBuilder> change =
                b -> b.saveStrategy(SaveStrategy.valueOf(saving.toUpperCase(Locale.ROOT)));
        TrainerControl control = new TrainerControl();
        assertThatThrownBy(() -> Job.train(
                        recipe("text-classification", "a", change).build(),
                        Hooks.NONE.withControl(control),
                        new TrainingListener() {
                            @Override
                            public void onStepEnd(LogEvent event) {
                                if (event.step() == 5) control.cancel();
                            }
                        }))
                .isInstanceOf(StoppedException.class)
                .hasMessage(
                        "Stopped after step 5 of 12. The same command with --resume-from-checkpoint goes on from step 5.");
        Job.train(
                recipe("text-classification", "a", change)
                        .resumeFromCheckpoint("must")
                        .build(),
                TrainingListener.SILENT);
        Job.train(recipe("text-classification", "b", change).build(), TrainingListener.SILENT);
        assertThat(runs.output("a").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("b").resolve("model.safetensors"));
    }

    /** Cancelled while it evaluates after the first epoch: the evaluation is made when the run goes on. */
    @Test
    void aRunIsCancelledInAnEvaluation() throws IOException {
        TrainerControl control = new TrainerControl();
        assertThatThrownBy(() ->
                        Job.train(classes("a").build(), Hooks.NONE.withControl(control), new TrainingListener() {
                            @Override
                            public void onStepEnd(LogEvent event) {
                                if (event.step() == 4) new Thread(control::cancel).start();
                                while (event.step() == 4 && !control.isCancelled()) Thread.onSpinWait();
                            }
                        }))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("Stopped after step 4 of 12");
        Job.train(classes("a").resumeFromCheckpoint("auto").build(), TrainingListener.SILENT);
        assertThat(Files.readString(runs.output("a").resolve("metrics.jsonl")))
                .contains("\"evaluate\",\"step\":4,", "\"evaluate\",\"step\":8,");
    }

    @Test
    void aStoppedRunIsFinished() {
        TrainerControl control = new TrainerControl();
        List<Integer> saved = new ArrayList<>();
        List<Integer> evaluated = new ArrayList<>();
        TrainSummary done = Job.train(classes("a").build(), Hooks.NONE.withControl(control), new TrainingListener() {
            @Override
            public void onStepEnd(LogEvent event) {
                if (event.step() == 2) control.save();
                if (event.step() == 5) control.evaluate();
                if (event.step() == 7) control.stop();
            }

            @Override
            public void onSave(SaveEvent event) {
                saved.add(event.step());
            }

            @Override
            public void onEvaluate(EvaluationEvent event) {
                evaluated.add(event.step());
            }
        });
        assertThat(saved).containsExactly(2, 3, 6);
        assertThat(evaluated).containsExactly(4, 5, 7);
        assertThat(done.allResults()).containsEntry("epoch", 1.75).containsKey("eval_accuracy");
        assertThat(runs.output("a").resolve("model.safetensors")).isRegularFile();
    }

    /** The most loss is said to be the best: the model learns, so that the best evaluation is not the last one. */
    private Recipe.Builder worsening(String output) {
        return recipe(
                "text-classification",
                output,
                b -> b.numTrainEpochs(6)
                        .saveStrategy(SaveStrategy.BEST)
                        .saveTotalLimit(1)
                        .greaterIsBetter(true)
                        .loadBestModelAtEnd(true)
                        .earlyStoppingPatience(2));
    }

    @Test
    void theBestModelIsTheResultAndPatienceEndsTheRun() {
        Map<Integer, Double> losses = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onEvaluate(EvaluationEvent event) {
                losses.put(event.step(), event.metrics().get("eval_loss"));
            }

            @Override
            public void onMessage(String text) {
                notes.add(text);
            }
        };
        Map<String, Double> results =
                Job.train(worsening("a").build(), listener).allResults();
        int best = losses.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        int last = losses.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
        assertThat(last)
                .as("two evaluations after the best one")
                .isEqualTo(best + 8)
                .isLessThan(24);
        assertThat(results.get("eval_loss")).isEqualTo(losses.get(best));
        assertThat(notes)
                .contains("The best model is that of step " + best + " (eval_loss " + losses.get(best)
                        + "): it is the result of this run.");
        assertThat(runs.output("a").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("a").resolve("checkpoint-" + best + "/model.safetensors"));
        JsonNode state = Golden.json(runs.output("a").resolve("checkpoint-" + best + "/trainer_state.json"));
        assertThat(state.get("best_global_step").intValue()).isEqualTo(best);
        assertThat(state.get("best_metric").doubleValue()).isEqualTo(losses.get(best));

        // Broken off while it waits, the run waits no longer than it would have.
        breakAt(best + 6, worsening("b").build());
        List<Integer> evaluated = new ArrayList<>();
        Job.train(worsening("b").resumeFromCheckpoint("must").build(), new TrainingListener() {
            @Override
            public void onEvaluate(EvaluationEvent event) {
                evaluated.add(event.step());
            }
        });
        assertThat(evaluated).containsExactly(best + 4, best + 8);
        assertThat(runs.output("b").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("a").resolve("model.safetensors"));
    }

    @Test
    void oneRunAtATimeInAFolder() {
        assertThatThrownBy(() -> Job.train(classes("a").build(), new TrainingListener() {
                    @Override
                    public void onStepEnd(LogEvent event) {
                        Job.train(classes("a").overwrite(true).build(), TrainingListener.SILENT);
                    }
                }))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output_dir " + runs.output("a") + " is in use by another training (process "
                        + ProcessHandle.current().pid() + " on " + host()
                        + "). Wait for it, or choose another folder.");
    }

    private static String host() {
        try {
            return java.net.InetAddress.getLocalHost().getHostName();
        } catch (java.net.UnknownHostException e) {
            return "an unnamed machine";
        }
    }
}
