package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.adapt.LoraConfig;
import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.model.Golden;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationPipeline;
import dev.attune.task.textclassification.TextClassificationSettings;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.LogEvent;
import dev.attune.train.RunFolder;
import dev.attune.train.SamplingStrategy;
import dev.attune.train.SaveStrategy;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingArgumentsBuilder;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole runs on a tiny model: what they leave behind, and that they leave the same behind again. */
class JobTest extends RunsFixture {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String HEAD_NOTE = "New and untrained: classifier.weight, classifier.bias.";

    @Test
    void leavesARunFolderWithEverythingInIt() throws IOException {
        List<String> messages = new ArrayList<>();
        TrainSummary done = Job.train(
                runs.recipe("a", b -> b.evalStrategy(IntervalStrategy.EPOCH).numTrainEpochs(2))
                        .train(runs.sentiment("train.csv", 32))
                        .validation(runs.sentiment("validation.csv", 12))
                        .build(),
                Runs.notesInto(messages));
        Path folder = runs.output("a");
        assertThat(done.outputDir()).isEqualTo(folder);
        assertThat(names(folder))
                .containsExactlyInAnyOrder(
                        "run.json",
                        "metrics.jsonl",
                        "all_results.json",
                        "report.txt",
                        "report.json",
                        "report.html",
                        "learning-rate.svg",
                        "loss.svg",
                        "confusion.svg",
                        "reliability.svg",
                        "model.safetensors",
                        "config.json",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "README.md",
                        "checkpoint-8");
        assertThat(messages).containsExactly(HEAD_NOTE);
        resultsHaveTheKeysOfHuggingFace(folder, done);
        metricsAreOneEventALine(folder);
        provenanceTellsWhatDecidedTheRun(folder);
        JsonNode config = Golden.json(folder.resolve("config.json"));
        assertThat(config.at("/id2label/1").stringValue()).isEqualTo("positive");
        assertThat(config.at("/label2id/negative").intValue()).isZero();
        assertThat(config.at("/problem_type").stringValue()).isEqualTo("single_label_classification");
        assertThat(config.at("/architectures/0").stringValue()).isEqualTo("BertForSequenceClassification");
        assertThat(config.at("/attune_test_key").toString()).isEqualTo("{\"kept\":[1,2.5]}");
        assertThat(folder.resolve("report.txt")).content().contains("positive", "negative", "precision");
        assertThat(done.report()).isEqualTo(Files.readString(folder.resolve("report.txt")));
        assertThat(folder.resolve("README.md")).content().contains("loss.svg", "confusion.svg", "text-classification");
    }

    private static void resultsHaveTheKeysOfHuggingFace(Path folder, TrainSummary done) {
        JsonNode results = Golden.json(folder.resolve("all_results.json"));
        assertThat(results.propertyNames())
                .contains(
                        "epoch",
                        "eval_loss",
                        "eval_accuracy",
                        "eval_f1_macro",
                        "eval_runtime",
                        "eval_samples",
                        "eval_samples_per_second",
                        "eval_steps_per_second",
                        "train_loss",
                        "train_runtime",
                        "train_samples",
                        "train_samples_per_second",
                        "train_steps_per_second")
                .containsExactlyInAnyOrderElementsOf(done.allResults().keySet());
        done.allResults()
                .forEach((key, value) ->
                        assertThat(results.get(key).doubleValue()).as(key).isEqualTo(value));
        assertThat(results.get("epoch").doubleValue()).isEqualTo(2);
        assertThat(results.get("train_samples").toString())
                .as("a count is whole")
                .isEqualTo("32");
        assertThat(results.get("eval_samples").doubleValue()).isEqualTo(12);
    }

    private static void metricsAreOneEventALine(Path folder) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("metrics.jsonl"))) events.add(JSON.readTree(line));
        JsonNode note = events.remove(0);
        assertThat(note.at("/event").stringValue()).isEqualTo("note");
        assertThat(note.at("/text").stringValue()).isEqualTo(HEAD_NOTE);
        assertThat(events.stream().map(e -> e.get("event").stringValue() + e.get("step")))
                .containsExactly(
                        "log1",
                        "log2",
                        "log3",
                        "log4",
                        "evaluate4",
                        "log5",
                        "log6",
                        "log7",
                        "log8",
                        "evaluate8",
                        "save8");
        JsonNode save = events.remove(events.size() - 1);
        assertThat(save.get("checkpoint").stringValue()).isEqualTo("checkpoint-8");
        for (JsonNode event : events) {
            boolean log = event.get("event").stringValue().equals("log");
            List<String> keys = log
                    ? List.of(
                            "loss",
                            "learning_rate",
                            "grad_norm",
                            "tokens_per_second",
                            "real_token_share",
                            "resident_bytes")
                    : List.of("eval_loss", "eval_accuracy", "eval_f1_macro", "eval_runtime");
            for (String key : keys) {
                assertThat(event.get(key).isNumber()).as(key + " in " + event).isTrue();
            }
            assertThat(event.get("epoch").doubleValue())
                    .isEqualTo(event.get("step").intValue() / 4.0);
        }
        assertThat(events.get(0).get("learning_rate").doubleValue()).isEqualTo(5e-3);
        assertThat(events.get(8).get("learning_rate").doubleValue()).isCloseTo(5e-3 / 8, within(1e-12));
    }

    private void provenanceTellsWhatDecidedTheRun(Path folder) {
        JsonNode run = Golden.json(folder.resolve("run.json"));
        assertThat(run.at("/arguments/learning_rate").doubleValue()).isEqualTo(5e-3);
        assertThat(run.at("/arguments/seed").longValue()).isEqualTo(42);
        assertThat(run.at("/arguments/adam_beta2").doubleValue()).isEqualTo(0.999);
        assertThat(run.at("/arguments").propertyNames()).hasSizeGreaterThanOrEqualTo(30);
        assertThat(run.at("/max_length").intValue()).isEqualTo(48);
        assertThat(run.at("/data/train/rows").intValue()).isEqualTo(32);
        assertThat(run.at("/data/train/sha256").stringValue())
                .isEqualTo(Datasets.read(temp.resolve("train.csv").toString()).sha256());
        assertThat(run.at("/data/validation/sha256").stringValue()).hasSize(64);
        assertThat(run.at("/columns/text").stringValue()).isEqualTo("text");
        assertThat(run.at("/labels").toString()).isEqualTo("[\"negative\",\"positive\"]");
        assertThat(run.at("/model_files_sha256").propertyNames())
                .containsExactly("config.json", "model.safetensors", "vocab.txt");
        assertThat(run.at("/model_files_sha256/model.safetensors").stringValue())
                .matches("[0-9a-f]{64}");
        assertThat(run.at("/task").stringValue()).isEqualTo("text-classification");
        assertThat(run.at("/settings").toString())
                .isEqualTo(
                        "{\"text_column\":\"text\",\"text_pair_column\":null,\"label_column\":\"label\",\"labels\":"
                                + "[\"negative\",\"positive\"],\"problem_type\":\"single_label_classification\",\"class_weights\":null,\"focal_loss_gamma\":0.0}");
        assertThat(run.at("/notes").toString()).isEqualTo("[\"" + HEAD_NOTE + "\"]");
        assertThat(run.at("/versions/attune").stringValue())
                .as("version and commit")
                .matches("\\d+\\.\\d+\\.\\d+\\S* \\(([0-9a-f]{10}|unknown)\\)");
        for (String key : List.of("attune", "libtorch", "java", "os")) {
            assertThat(run.at("/versions/" + key).stringValue()).as(key).isNotBlank();
        }
        assertThat(run.at("/results/eval_accuracy").isNumber()).isTrue();
        assertThat(run.at("/started").stringValue())
                .isLessThan(run.at("/finished").stringValue());
    }

    @Test
    void learnsAndTheSavedModelAnswers() {
        TrainSummary done = Job.train(
                runs.recipe("a", b -> b.numTrainEpochs(12))
                        .train(runs.sentiment("train.csv", 96))
                        .validation(runs.sentiment("validation.csv", 24))
                        .build(),
                TrainingListener.SILENT);
        assertThat(done.allResults().get("eval_accuracy")).isEqualTo(1.0);
        try (var classifier = TextClassificationPipeline.load(runs.output("a").toString())) {
            assertThat(classifier.predict("the film was great").label()).isEqualTo("positive");
            assertThat(classifier.predict("the film was awful").label()).isEqualTo("negative");
        }
    }

    @Test
    void theSavedModelEvaluatesAsTheRunDid() {
        Recipe recipe = runs.recipe("a")
                .train(runs.sentiment("train.csv", 40))
                .validation(runs.sentiment("validation.csv", 21))
                .build();
        TrainSummary done = Job.train(recipe, TrainingListener.SILENT);
        Map<String, Double> again =
                Job.evaluate(runs.output("a"), recipe.job().validation().text(), TrainingListener.SILENT);
        assertThat(again.keySet())
                .containsAll(done.allResults().keySet().stream()
                        .filter(key -> key.startsWith("eval_"))
                        .toList());
        again.forEach((key, value) -> {
            if (key.matches("eval_(runtime|.*_per_second)")) return;
            assertThat(value).as(key).isEqualTo(done.allResults().get(key));
        });
    }

    @Test
    void theSeedDecidesEveryBit() throws IOException {
        String data = runs.sentiment("train.csv", 32);
        for (String name : List.of("a", "b", "other")) {
            long seed = name.equals("other") ? 43 : 42;
            Job.train(runs.recipe(name, b -> b.seed(seed)).train(data).build(), TrainingListener.SILENT);
        }
        byte[] weights = Files.readAllBytes(runs.output("a").resolve("model.safetensors"));
        assertThat(runs.output("b").resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(Files.readAllBytes(runs.output("other").resolve("model.safetensors")))
                .isNotEqualTo(weights);
    }

    /** Rows of a database train the same model as the same rows in a file, and leave the same records. */
    @Test
    void rowsOfADatabaseAreAsGoodAsAFile() throws IOException {
        String file = runs.sentiment("train.csv", 32);
        Job.train(runs.recipe("file").train(file).validationFraction(0.25).build(), TrainingListener.SILENT);
        Dataset rows = Datasets.jdbc("jdbc:duckdb:", "SELECT text, label FROM '" + file + "'");
        Recipe recipe =
                runs.recipe("rows").train("reviews").validationFraction(0.25).build();
        Job.train(recipe, rows, null, TrainingListener.SILENT);
        assertThat(runs.output("rows").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("file").resolve("model.safetensors"));
        assertThat(names(runs.output("rows"))).containsExactlyInAnyOrderElementsOf(names(runs.output("file")));
        JsonNode run = Golden.json(runs.output("rows").resolve("run.json"));
        assertThat(run.at("/arguments/train").stringValue()).isEqualTo("reviews");
        assertThat(run.at("/data/train/source").stringValue()).isEqualTo(rows.name());
        assertThat(run.at("/data/train/rows").intValue()).isEqualTo(24);
        assertThat(run.at("/data/validation/rows").intValue()).isEqualTo(8);
        assertThat(run.at("/data/train/sha256"))
                .isEqualTo(Golden.json(runs.output("file").resolve("run.json")).at("/data/train/sha256"));
    }

    @Test
    void validationRowsComeFromTheCallerToo() {
        Dataset train = Datasets.read(runs.sentiment("train.csv", 16));
        Dataset validation = Datasets.read(runs.sentiment("validation.csv", 10));
        Recipe recipe = runs.recipe("a", b -> b.evalStrategy(IntervalStrategy.EPOCH))
                .train("films")
                .validation("more films")
                .build();
        TrainSummary done = Job.train(recipe, train, validation, TrainingListener.SILENT);
        assertThat(done.allResults()).containsEntry("train_samples", 16.0).containsEntry("eval_samples", 10.0);
        assertThat(done.allResults())
                .as("of these rows and not of others")
                .containsEntry(
                        "eval_accuracy",
                        Job.evaluate(
                                        runs.output("a"),
                                        temp.resolve("validation.csv").toString(),
                                        TrainingListener.SILENT)
                                .get("eval_accuracy"));
    }

    @Test
    void dataSeedDecidesTheRandomOrderOnly() {
        String data = runs.sentiment("train.csv", 32);
        for (SamplingStrategy strategy : List.of(SamplingStrategy.RANDOM, SamplingStrategy.GROUP_BY_LENGTH)) {
            List<List<Double>> losses = new ArrayList<>();
            for (Long dataSeed : Arrays.asList(null, 7L)) {
                losses.add(train(runs.recipe(
                                        strategy + "-" + dataSeed,
                                        b -> b.trainSamplingStrategy(strategy).dataSeed(dataSeed))
                                .train(data))
                        .stream()
                        .map(LogEvent::loss)
                        .toList());
            }
            assertThat(losses.get(0).equals(losses.get(1)))
                    .as("as Trainer, %s", strategy)
                    .isEqualTo(strategy == SamplingStrategy.GROUP_BY_LENGTH);
        }
    }

    @Test
    void accumulationOfTwoTimesEightEqualsSixteenWithDropout() {
        Runs still = new Runs(temp.resolve("still"), 0.1);
        String data = still.sentiment("train.csv", 64);
        UnaryOperator<TrainingArgumentsBuilder> same =
                b -> b.learningRate(1e-3).numTrainEpochs(1).adamEpsilon(1e-6);
        List<LogEvent> whole = train(still.recipe("whole", b -> same.apply(b).perDeviceTrainBatchSize(16))
                .train(data));
        List<LogEvent> halves = train(still.recipe(
                        "halves", b -> same.apply(b).perDeviceTrainBatchSize(8).gradientAccumulationSteps(2))
                .train(data));
        assertThat(whole).hasSize(4);
        assertThat(halves).hasSameSizeAs(whole);
        for (int i = 0; i < 4; i++) {
            assertThat(halves.get(i).loss()).isCloseTo(whole.get(i).loss(), within(1e-6));
            assertThat(halves.get(i).gradNorm()).isCloseTo(whole.get(i).gradNorm(), within(1e-5));
            assertThat(halves.get(i).stepSamples()).isEqualTo(16);
        }
        try (Weights a = Safetensors.open(still.output("whole").resolve("model.safetensors"));
                Weights b = Safetensors.open(still.output("halves").resolve("model.safetensors"))) {
            for (String name : a.names()) {
                // The gradient of the bias of the keys is rounding noise: softmax does not see it.
                if (name.endsWith("attention.self.key.bias")) continue;
                Golden.assertClose(name, Golden.floats(b, name), Golden.floats(a, name), 1e-6);
            }
        }
    }

    @Test
    void bfloat16StaysCloseToFloat32() {
        Runs still = new Runs(temp.resolve("still"), 0);
        String data = still.sentiment("train.csv", 32);
        List<LogEvent> full =
                train(still.recipe("full", b -> b.learningRate(1e-3)).train(data));
        List<LogEvent> half =
                train(still.recipe("half", b -> b.learningRate(1e-3).bf16(true)).train(data));
        for (int i = 0; i < full.size(); i++) {
            assertThat(half.get(i).loss()).isCloseTo(full.get(i).loss(), within(0.03));
        }
        assertThat(half.stream().map(LogEvent::loss))
                .isNotEqualTo(full.stream().map(LogEvent::loss).toList());
        try (Weights saved = Safetensors.open(still.output("half").resolve("model.safetensors"))) {
            assertThat(Golden.floats(saved, "classifier.weight")).hasSize(32); // FLOAT32, asserted in floats
        }
    }

    @Test
    void labelSmoothingIsTheOneOfHuggingFace() {
        Runs still = new Runs(temp.resolve("still"), 0);
        String data = still.sentiment("train.csv", 16);
        // A rate of 0 leaves the model as it is, so that its answers afterwards explain the loss.
        List<LogEvent> log = train(still.recipe(
                        "smooth",
                        b -> b.learningRate(0).perDeviceTrainBatchSize(16).labelSmoothingFactor(0.2))
                .train(data));
        double expected = 0;
        try (var classifier =
                TextClassificationPipeline.load(still.output("smooth").toString())) {
            var rows = Datasets.read(data);
            for (int row = 0; row < rows.size(); row++) {
                var scores = classifier
                        .predictAll(List.of((String) rows.value(row, "text")))
                        .get(0);
                for (var score : scores) {
                    boolean right = score.label().equals(rows.value(row, "label"));
                    expected -= ((right ? 0.8 : 0) + 0.2 / 2) * Math.log(score.score()) / rows.size();
                }
            }
        }
        assertThat(log).hasSize(1);
        assertThat(log.get(0).loss()).isCloseTo(expected, within(1e-5));
    }

    @Test
    void multiLabel() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            lines.add(
                    switch (i % 4) {
                        case 0 -> "{\"text\": \"good film\", \"labels\": [\"film\", \"praise\"]}";
                        case 1 -> "{\"text\": \"bad film\", \"labels\": [\"film\"]}";
                        case 2 -> "{\"text\": \"good food\", \"labels\": [\"praise\"]}";
                        default -> "{\"text\": \"bad food\", \"labels\": []}";
                    });
        }
        String data = runs.file("train.jsonl", lines);
        TrainSummary done = Job.train(
                runs.recipe("a", b -> b.numTrainEpochs(20))
                        .train(data)
                        .validation(data)
                        .build(),
                TrainingListener.SILENT);
        assertThat(done.allResults()).containsKeys("eval_loss", "eval_f1_micro", "eval_f1_macro");
        assertThat(done.allResults().get("eval_subset_accuracy")).isEqualTo(1.0);
        assertThat(Golden.json(runs.output("a").resolve("config.json"))
                        .get("problem_type")
                        .stringValue())
                .isEqualTo("multi_label_classification");
        try (var classifier = TextClassificationPipeline.load(runs.output("a").toString())) {
            var scores = classifier.predictAll(List.of("good food")).get(0);
            assertThat(scores.get(0).label()).isEqualTo("film");
            assertThat(scores.get(0).score()).isLessThan(0.5);
            assertThat(scores.get(1).score()).isGreaterThan(0.5); // each label has a probability of its own
        }
    }

    @Test
    void regression() {
        Runs still = new Runs(temp.resolve("still"), 0);
        List<String> lines = new ArrayList<>(List.of("text,score"));
        for (int i = 0; i < 32; i++) lines.add("the film was " + (i % 2 == 0 ? "good,4.5" : "bad,1.0"));
        String data = still.file("train.csv", lines);
        Recipe recipe = still.recipe("a", b -> b.numTrainEpochs(25).learningRate(5e-3))
                .train(data)
                .validation(data)
                .build();
        TrainSummary done = Job.train(recipe, TrainingListener.SILENT);
        assertThat(done.allResults()).containsKeys("eval_mse", "eval_rmse", "eval_mae", "eval_spearman");
        assertThat(done.allResults().get("eval_pearson")).isGreaterThan(0.99);
        assertThat(done.allResults().get("eval_loss"))
                .isCloseTo(done.allResults().get("eval_mse"), within(1e-5));
        assertThat(still.output("a").resolve("confusion.svg")).doesNotExist();
        try (var model = TextClassificationPipeline.load(still.output("a").toString())) {
            assertThat(model.predict("the film was good").score())
                    .isGreaterThan(model.predict("the film was bad").score() + 1);
        }
        assertThat(Job.evaluate(still.output("a"), data, TrainingListener.SILENT))
                .containsEntry("eval_mse", done.allResults().get("eval_mse"));
    }

    @Test
    void pairsOfTexts() throws IOException {
        List<String> lines = new ArrayList<>(List.of("sentence1,sentence2,label"));
        for (int i = 0; i < 16; i++) lines.add("good film," + (i % 2 == 0 ? "nice film,same" : "bad food,other"));
        String data = runs.file("train.csv", lines);
        Recipe recipe = runs.recipe("a").train(data).validation(data).build();
        TrainSummary done = Job.train(recipe, TrainingListener.SILENT);
        JsonNode run = Golden.json(runs.output("a").resolve("run.json"));
        assertThat(run.at("/columns/text").stringValue()).isEqualTo("sentence1");
        assertThat(run.at("/columns/text_pair").stringValue()).isEqualTo("sentence2");
        assertThat(Job.evaluate(runs.output("a"), data, TrainingListener.SILENT))
                .containsEntry("eval_loss", done.allResults().get("eval_loss"));
    }

    @Test
    void splitsValidationDataOffByTheSeed() {
        String data = runs.sentiment("train.csv", 40);
        for (String name : List.of("a", "b")) {
            Job.train(runs.recipe(name).train(data).validationFraction(0.25).build(), TrainingListener.SILENT);
        }
        JsonNode run = Golden.json(runs.output("a").resolve("run.json"));
        assertThat(run.at("/data/train/rows").intValue()).isEqualTo(30);
        assertThat(run.at("/data/validation/rows").intValue()).isEqualTo(10);
        assertThat(run.at("/data"))
                .isEqualTo(Golden.json(runs.output("b").resolve("run.json")).at("/data"));
    }

    @Test
    void aRareLabelMayFallIntoTheValidationPart() {
        for (int rare = 0; rare < 8; rare++) {
            List<String> lines = new ArrayList<>(List.of("text,label"));
            for (int i = 0; i < 8; i++) lines.add("good film," + (i == rare ? "rare" : i % 2 == 0 ? "a" : "b"));
            Recipe recipe = runs.recipe("rare" + rare, b -> b.maxSteps(1))
                    .train(runs.file("train.csv", lines))
                    .validationFraction(0.5)
                    .build();
            assertThat(JobData.read(recipe, Hooks.NONE).task().describe().labels())
                    .containsExactly("a", "b", "rare");
        }
    }

    @Test
    void labelsInTheOrderGiven() {
        List<String> messages = new ArrayList<>();
        Job.train(
                runs.recipe("a")
                        .train(runs.sentiment("train.csv", 16))
                        .settings(TextClassificationSettings.builder()
                                .labels(List.of("positive", "neutral", "negative"))
                                .build())
                        .build(),
                Runs.notesInto(messages));
        JsonNode config = Golden.json(runs.output("a").resolve("config.json"));
        assertThat(config.get("id2label").toString())
                .isEqualTo("{\"0\":\"positive\",\"1\":\"neutral\",\"2\":\"negative\"}");
        assertThat(messages).contains("No training row has the label neutral.");
    }

    @Test
    void numbersAreClassesIfTheRecipeSaysSo() {
        String data = runs.file("train.csv", "text,stars", "good,5.0", "bad,1.0", "nice,5.0", "poor,1.0");
        Job.train(
                runs.recipe("a")
                        .train(data)
                        .settings(TextClassificationSettings.builder()
                                .problemType(ProblemType.SINGLE_LABEL_CLASSIFICATION)
                                .build())
                        .build(),
                TrainingListener.SILENT);
        assertThat(Golden.json(runs.output("a").resolve("config.json"))
                        .get("id2label")
                        .toString())
                .isEqualTo("{\"0\":\"1.0\",\"1\":\"5.0\"}");
    }

    @Test
    void aRunMayGoOnFromItsOwnResult() {
        String data = runs.sentiment("train.csv", 16);
        Job.train(runs.recipe("a").train(data).build(), TrainingListener.SILENT);
        List<String> messages = new ArrayList<>();
        Job.train(
                runs.recipe("b").model(runs.output("a").toString()).train(data).build(), Runs.notesInto(messages));
        assertThat(messages).as("the head was loaded").isEmpty();
    }

    @Test
    void aRunThatOverwritesLeavesNoFileOfTheOlderOne() throws IOException {
        String classes = runs.sentiment("classes.csv", 16);
        Files.writeString(runs.model.resolve("special_tokens_map.json"), "{\"unk_token\": \"[UNK]\"}");
        Files.writeString(runs.model.resolve("generation_config.json"), "{}");
        Job.train(runs.recipe("a").train(classes).validation(classes).build(), TrainingListener.SILENT);
        // Adapters are instead of weights, with the hash of their base.
        Set<String> adapters = Set.of("adapter_model.safetensors", "adapter_config.json", "base_model.json");
        List<String> whole = new ArrayList<>(RunFolder.FILES);
        whole.removeAll(adapters);
        whole.removeIf(name -> name.startsWith("target_")); // of a model that writes in other words than it reads
        whole.addAll(List.of("confusion.svg", "reliability.svg", "checkpoint-2"));
        assertThat(names(runs.output("a"))).as("all that a run may write").containsExactlyInAnyOrderElementsOf(whole);
        Job.train(
                runs.recipe("lora")
                        .lora(LoraConfig.builder().build())
                        .train(classes)
                        .build(),
                TrainingListener.SILENT);
        assertThat(names(runs.output("lora"))).containsAll(adapters).doesNotContain("model.safetensors");

        Files.writeString(runs.output("a").resolve("notes.txt"), "not of a run");
        Files.delete(runs.model.resolve("special_tokens_map.json"));
        Files.delete(runs.model.resolve("generation_config.json"));
        Job.train(
                runs.recipe("a", b -> b.saveStrategy(SaveStrategy.NO))
                        .train(classes)
                        .overwrite(true)
                        .build(),
                TrainingListener.SILENT);
        assertThat(names(runs.output("a")))
                .containsExactlyInAnyOrder(
                        "run.json",
                        "metrics.jsonl",
                        "all_results.json",
                        "model.safetensors",
                        "config.json",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "README.md",
                        "report.html",
                        "loss.svg",
                        "learning-rate.svg",
                        "notes.txt");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static List<LogEvent> train(Recipe.Builder recipe) {
        List<LogEvent> log = new ArrayList<>();
        Job.train(recipe.build(), new TrainingListener() {
            @Override
            public void onStepEnd(LogEvent event) {
                log.add(event);
            }
        });
        return log;
    }
}
