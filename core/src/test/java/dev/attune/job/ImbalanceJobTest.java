package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.ConfigException;
import dev.attune.model.Golden;
import dev.attune.task.ClassWeights;
import dev.attune.task.questionanswering.QuestionAnsweringSettings;
import dev.attune.task.textclassification.TextClassificationSettings;
import dev.attune.task.tokenclassification.TokenClassificationSettings;
import dev.attune.train.LogEvent;
import dev.attune.train.Oversample;
import dev.attune.train.OversampleBy;
import dev.attune.train.SamplingStrategy;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Classes of unequal size in whole runs: from the recipe to what is in force. */
class ImbalanceJobTest extends RunsFixture {
    /** 24 rows of ham, 8 of spam. */
    private String mail(String name) {
        List<String> lines = new ArrayList<>(List.of("text,label"));
        for (int i = 0; i < 32; i++) {
            boolean spam = i % 4 == 3;
            lines.add("the film was " + "very ".repeat(i % 5) + (spam ? "bad,spam" : "good,ham"));
        }
        return runs.file(name, lines);
    }

    private RecipeReader read(String more) {
        mail("train.csv");
        String yaml = "model: " + runs.model + "\ntrain: train.csv\noutput_dir: " + runs.output("y") + "\n" + more;
        return new RecipeReader().text("my.yaml", yaml, temp);
    }

    private static ClassWeights weights(RecipeReader reader) {
        return ((TextClassificationSettings) reader.forTraining().settings()).classWeights();
    }

    @Test
    void weightsStandBelowTheKeyOrInOneLine() {
        for (String form : List.of(
                "class_weights: {spam: 3.0}\n",
                "class_weights:\n  spam: 3.0\n",
                "class_weights: spam=3.0\n",
                "class_weights: '{\"spam\": 3.0}'\n")) {
            assertThat(weights(read(form))).as(form).isEqualTo(ClassWeights.of(Map.of("spam", 3.0)));
        }
        for (String form :
                List.of("class_weights: [0.7, 1.3]\n", "class_weights:\n- 0.7\n- 1.3\n", "class_weights: 0.7, 1.3\n")) {
            assertThat(weights(read(form))).as(form).isEqualTo(ClassWeights.of(0.7, 1.3));
        }
        assertThat(weights(read("class_weights: [1.0, 1.0]\n")))
                .as("equal numbers")
                .isEqualTo(ClassWeights.of(1, 1));
        assertThat(weights(read("class_weights: balanced\n"))).isEqualTo(ClassWeights.BALANCED);
        assertThat(weights(read("class_weights: {effective_number: 0.99}\n")))
                .isEqualTo(ClassWeights.rule("effective_number=0.99"));
        assertThat(weights(read("class_weights: {yes: 2}\n")))
                .as("a label that YAML takes for true")
                .isEqualTo(ClassWeights.of(Map.of("yes", 2.0)));
        assertThat(weights(read("class_weights: balanced\n").flag("--class-weights", "spam=3.0")))
                .isEqualTo(ClassWeights.of(Map.of("spam", 3.0)));
        assertThat(weights(read("").flag("--class-weights", "0.7, 1.3"))).isEqualTo(ClassWeights.of(0.7, 1.3));
    }

    @Test
    void mistakesHaveTheirPlace() {
        assertThatThrownBy(() -> read("class_weights: balancd\n").forTraining())
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("my.yaml:4: class_weights is \"balancd\"")
                .hasMessageEndingWith("Did you mean \"balanced\"?");
        assertThatThrownBy(() -> read("class_weights: {spam: -1}\n").forTraining())
                .hasMessage("my.yaml:4: class_weights: a weight of \"spam\" is -1, but must be a number above 0.");
        assertThatThrownBy(() -> read("class_weights: {spam: [1]}\n").forTraining())
                .hasMessage("my.yaml:4: class_weights must have a plain value for each name.");
        assertThatThrownBy(() -> read("class_weights: {spam: 1, spam: 2}\n").forTraining())
                .hasMessageContaining("my.yaml:4");
        assertThatThrownBy(
                        () -> read("task: fill-mask\nclass_weights: balanced\n").forTraining())
                .hasMessage("my.yaml:5: class_weights belongs to the task text-classification, question-answering,"
                        + " token-classification, but this is fill-mask. Delete it, or set task: text-classification.");
        assertThatThrownBy(() -> read("problem_type: regression\nclass_weights: balanced\nfocal_loss_gamma: 2\n")
                        .forTraining())
                .hasMessageContaining("my.yaml:5: class_weights is for classes, but problem_type is \"regression\": a"
                        + " number has none. Delete one of them.")
                .hasMessageContaining("my.yaml:6: focal_loss_gamma is for classes");
        assertThatThrownBy(() -> read("focal_loss_gamma: 2\nlabel_smoothing_factor: 0.1\n")
                        .forTraining())
                .hasMessageContaining(
                        "my.yaml:4: focal_loss_gamma and label_smoothing_factor change the loss in opposite" + " ways");
    }

    @Test
    void unknownLabelsAreSaidBeforeTheTraining() {
        assertThatThrownBy(() -> Job.train(read("class_weights: {spamm: 3}\n").forTraining(), TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "class_weights names \"spamm\", which is no label. Did you mean \"spam\"? The labels are ham,"
                                + " spam.");
        assertThatThrownBy(() -> Job.train(read("class_weights: [1, 2, 3]\n").forTraining(), TrainingListener.SILENT))
                .hasMessageStartingWith("class_weights has 3 weights, but there are 2 labels: ham, spam.");
        runs.file("numbers.csv", "text,label", "the film was good,1.5", "bad,0.5");
        assertThatThrownBy(() -> Job.train(
                        read("class_weights: balanced\n")
                                .flag(
                                        "--train",
                                        runs.folder.resolve("numbers.csv").toString())
                                .forTraining(),
                        TrainingListener.SILENT))
                .hasMessageStartingWith("class_weights is for classes, but these labels are numbers");
    }

    /** The rows of the validation do not count. */
    @Test
    void weightsAreThoseOfTheTrainingRowsAndAreWrittenDown() {
        List<String> notes = new ArrayList<>();
        Job.train(
                runs.recipe("a")
                        .train(mail("train.csv"))
                        .validation(runs.sentimentOf("v.csv", 12, "spam", "ham"))
                        .settings(TextClassificationSettings.builder()
                                .classWeights(ClassWeights.BALANCED)
                                .build())
                        .build(),
                Runs.notesInto(notes));
        assertThat(notes).contains("Class weights (balanced): ham 0.6667, spam 2.000.");
        JsonNode run = Golden.json(runs.output("a").resolve("run.json"));
        assertThat(run.at("/class_weights/spam").doubleValue()).isEqualTo(2);
        assertThat(run.at("/class_weights/ham").doubleValue()).isEqualTo(2 / 3.0);
        assertThat(run.at("/arguments/class_weights").stringValue()).isEqualTo("balanced");
        // Used again: what was trained is known, and an evaluation takes no weights.
        Map<String, Double> again = Job.evaluate(runs.output("a"), mail("t.csv"), TrainingListener.SILENT);
        assertThat(again).containsKey("eval_f1_macro");
    }

    /** As a compute_loss of a Trainer does it, the loss of an evaluation has the weights of the training. */
    @Test
    void theEvaluationDuringTheTrainingIsWeighed() {
        String mail = mail("train.csv");
        Map<String, Double> weighed = Job.train(
                        runs.recipe("w", b -> b.perDeviceEvalBatchSize(32))
                                .train(mail)
                                .validation(mail)
                                .settings(TextClassificationSettings.builder()
                                        .classWeights(ClassWeights.of(1, 5))
                                        .build())
                                .build(),
                        TrainingListener.SILENT)
                .allResults();
        double plain =
                Job.evaluate(runs.output("w"), mail, TrainingListener.SILENT).get("eval_loss");
        assertThat(weighed.get("eval_loss")).isNotCloseTo(plain, within(1e-3));
    }

    @Test
    void oversamplingStandsInOneLineOrBelowTheKey() {
        assertThat(read("oversample: balanced\n").forTraining().training().oversample())
                .isEqualTo(Oversample.BALANCED);
        for (String form : List.of(
                "oversample: 0.5\n",
                "oversample: {to: 0.5}\n",
                "oversample:\n  to: 0.5\n",
                "oversample: 'to: 0.5'\n",
                "oversample: to=0.5\n",
                "oversample_to: 0.5\n")) {
            TrainingArguments args = read(form).forTraining().training();
            assertThat(args.oversample()).as(form).isEqualTo(Oversample.to(0.5));
            assertThat(args.toMap()).containsEntry("oversample_to", 0.5).containsEntry("oversample_by", "sampling");
        }
        TrainingArguments args = read("oversample: 0.5\n")
                .flag("--oversample", "balanced")
                .flag("--oversample-by", "duplication")
                .forTraining()
                .training();
        assertThat(args.oversample()).isEqualTo(Oversample.BALANCED);
        assertThat(args.oversampleBy()).isEqualTo(OversampleBy.DUPLICATION);
        assertThat(args.toBuilder().build()).isEqualTo(args);
    }

    @Test
    void oversamplingThatCannotBe() {
        assertThatThrownBy(() -> read("oversample: 1.5\n").forTraining())
                .hasMessage(
                        "my.yaml:4: oversample is \"1.5\", but must be balanced, or the share of the largest class that"
                                + " each class is raised to, above 0 and at most 1, for instance 0.5.");
        assertThatThrownBy(() -> read("oversample: {to: 0}\n").forTraining())
                .hasMessageStartingWith(
                        "my.yaml:4: oversample_to is 0.0, but must be a number, greater than 0 and at most 1");
        assertThatThrownBy(() -> read("oversample_by: duplication\n").forTraining())
                .hasMessageStartingWith("my.yaml:4: oversample_by is \"duplication\", but oversample is not set.");
        assertThatThrownBy(() -> read("oversample: balanced\ntrain_sampling_strategy: sequential\n")
                        .forTraining())
                .hasMessageContaining(
                        "train_sampling_strategy is \"sequential\", but oversample draws rows at random.");
        for (String task : List.of("fill-mask", "token-classification")) {
            assertThatThrownBy(() ->
                            read("task: " + task + "\noversample: balanced\n").forTraining())
                    .hasMessage("my.yaml:5: oversample draws rows by their class, but those of " + task
                            + " have none. Delete it.");
        }
        runs.file("many.jsonl", "{\"text\":\"good\",\"label\":[\"a\",\"b\"]}", "{\"text\":\"bad\",\"label\":[]}");
        assertThatThrownBy(() -> Job.train(
                        read("oversample: balanced\n")
                                .flag(
                                        "--train",
                                        runs.folder.resolve("many.jsonl").toString())
                                .forTraining(),
                        TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "oversample draws rows by their class, but these rows are not of one class each. Delete it.");
    }

    /** The doctor tries a training whose epochs are longer by what is repeated. */
    @Test
    void theDoctorCountsRepeatedRows() {
        Recipe recipe = oversampled("d", OversampleBy.DUPLICATION, SamplingStrategy.RANDOM, 1, 2)
                .build();
        Diagnosis found = DataDoctor.check(recipe, true, line -> {});
        JsonNode json = JsonMapper.shared().valueToTree(found.toMap());
        assertThat(json.at("/run/estimate/total_steps").intValue()).isEqualTo(12);
    }

    private Recipe.Builder oversampled(
            String output, OversampleBy by, SamplingStrategy strategy, double share, double epochs) {
        return runs.recipe(
                        output,
                        b -> b.oversample(Oversample.to(share))
                                .oversampleBy(by)
                                .trainSamplingStrategy(strategy)
                                .numTrainEpochs(epochs)
                                .saveSteps(3))
                .train(mail("train.csv"));
    }

    @ParameterizedTest
    @CsvSource({"SAMPLING, 4", "DUPLICATION, 6"})
    void anEpochHasAsManyStepsAsItHasExamples(OversampleBy by, int steps) {
        List<String> notes = new ArrayList<>();
        List<Integer> made = new ArrayList<>();
        Job.train(oversampled("a", by, SamplingStrategy.RANDOM, 1, 1).build(), new TrainingListener() {
            @Override
            public void onStepEnd(LogEvent event) {
                made.add(event.step());
            }

            @Override
            public void onMessage(String text) {
                notes.add(text);
            }
        });
        assertThat(made).hasSize(steps);
        assertThat(notes)
                .contains(
                        by == OversampleBy.SAMPLING
                                ? "Oversampling (balanced): an epoch draws 32 examples at random, on the average ham 16 in"
                                        + " place of 24, spam 16 in place of 8."
                                : "Oversampling (balanced): an epoch has 48 examples, ham 24 in place of 24, spam 24 in place"
                                        + " of 8; each example comes at least once.");
    }

    /** With dropout, in the middle of the second epoch. */
    @ParameterizedTest
    @CsvSource({
        "SAMPLING, RANDOM",
        "SAMPLING, GROUP_BY_LENGTH",
        "DUPLICATION, RANDOM",
        "DUPLICATION, GROUP_BY_LENGTH",
        "DUPLICATION, SEQUENTIAL"
    })
    void aRunThatBrokeOffEndsAsIfItHadNot(OversampleBy by, SamplingStrategy strategy) {
        Job.train(oversampled("whole", by, strategy, 0.9, 2).build(), TrainingListener.SILENT);
        TrainerControl control = new TrainerControl();
        int stop = by == OversampleBy.SAMPLING ? 6 : 8;
        assertThatThrownBy(() -> Job.train(
                        oversampled("cut", by, strategy, 0.9, 2).build(),
                        Hooks.NONE.withControl(control),
                        new TrainingListener() {
                            @Override
                            public void onStepEnd(LogEvent event) {
                                if (event.step() == stop) control.cancel();
                            }
                        }))
                .hasMessageStartingWith("Stopped after step " + stop);
        Job.train(
                oversampled("cut", by, strategy, 0.9, 2)
                        .resumeFromCheckpoint("must")
                        .build(),
                TrainingListener.SILENT);
        assertThat(runs.output("cut").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("whole").resolve("model.safetensors"));
    }

    @Test
    void weightsAndFocalLossGoOnTooWhereTheyWere() {
        Recipe.Builder whole = weighed("whole");
        Job.train(whole.build(), TrainingListener.SILENT);
        TrainerControl control = new TrainerControl();
        assertThatThrownBy(() ->
                        Job.train(weighed("cut").build(), Hooks.NONE.withControl(control), new TrainingListener() {
                            @Override
                            public void onStepEnd(LogEvent event) {
                                if (event.step() == 3) control.cancel();
                            }
                        }))
                .hasMessageStartingWith("Stopped after step 3");
        assertThatThrownBy(() -> Job.train(
                        runs.recipe("cut", b -> b.saveSteps(3))
                                .train(mail("train.csv"))
                                .resumeFromCheckpoint("must")
                                .build(),
                        TrainingListener.SILENT))
                .hasMessageContaining("class_weights was spam=4.0 and is not set")
                .hasMessageContaining("focal_loss_gamma was 2.0 and is 0.0");
        Job.train(weighed("cut").resumeFromCheckpoint("must").build(), TrainingListener.SILENT);
        assertThat(runs.output("cut").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("whole").resolve("model.safetensors"));
    }

    private Recipe.Builder weighed(String output) {
        return runs.recipe(output, b -> b.saveSteps(3))
                .train(mail("train.csv"))
                .settings(TextClassificationSettings.builder()
                        .classWeights(ClassWeights.of(Map.of("spam", 4.0)))
                        .focalLossGamma(2)
                        .build());
    }

    /** What each task makes of its own labels. */
    @Test
    void otherTasksWeighTheirLabels() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 8; i++) lines.addAll(List.of("the O", "film B-FILM", "was O", "good O", ""));
        List<String> notes = new ArrayList<>();
        Job.train(
                runs.recipe("tokens")
                        .task("token-classification")
                        .train(runs.file("tags.conll", lines))
                        .settings(TokenClassificationSettings.builder()
                                .classWeights(ClassWeights.BALANCED)
                                .build())
                        .build(),
                Runs.notesInto(notes));
        assertThat(notes).contains("Class weights (balanced): B-FILM 2.000, O 0.6667.");

        lines.clear();
        for (int i = 0; i < 8; i++) {
            String answers =
                    i % 4 == 0 ? "{\"text\":[],\"answer_start\":[]}" : "{\"text\":[\"good\"],\"answer_start\":[13]}";
            lines.add("{\"question\":\"was the film good\",\"context\":\"the film was good\",\"answers\":" + answers
                    + "}");
        }
        notes.clear();
        Job.train(
                runs.recipe("answers", b -> b.oversample(Oversample.BALANCED).oversampleBy(OversampleBy.DUPLICATION))
                        .task("question-answering")
                        .train(runs.file("questions.jsonl", lines))
                        .settings(QuestionAnsweringSettings.builder()
                                .classWeights(ClassWeights.BALANCED)
                                .build())
                        .build(),
                Runs.notesInto(notes));
        assertThat(notes)
                .contains(
                        "Class weights (balanced): answerable 0.6667, unanswerable 2.000.",
                        "Oversampling (balanced): an epoch has 12 examples, answerable 6 in place of 6, unanswerable 6 in"
                                + " place of 2; each example comes at least once.");

        lines.clear();
        for (int i = 0; i < 8; i++)
            lines.add("{\"text\":\"the film\",\"label\":" + (i % 4 == 0 ? "[\"a\",\"b\"]" : "[\"b\"]") + "}");
        notes.clear();
        Job.train(
                runs.recipe("labels", b -> b.bf16(true))
                        .train(runs.file("labels.jsonl", lines))
                        .settings(TextClassificationSettings.builder()
                                .classWeights(ClassWeights.BALANCED)
                                .focalLossGamma(1)
                                .build())
                        .build(),
                Runs.notesInto(notes));
        assertThat(notes).contains("Class weights (balanced): a 3.000, b 1.000.");
    }
}
