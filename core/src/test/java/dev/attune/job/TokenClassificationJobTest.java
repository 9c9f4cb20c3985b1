package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.Encoded;
import dev.attune.data.Examples;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.model.Golden;
import dev.attune.report.Pages;
import dev.attune.task.Finding;
import dev.attune.task.FineTuned;
import dev.attune.task.Part;
import dev.attune.task.Pipeline;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import dev.attune.task.tokenclassification.Entity;
import dev.attune.task.tokenclassification.TokenAnswers;
import dev.attune.task.tokenclassification.TokenAnswers.Aggregation;
import dev.attune.task.tokenclassification.TokenClassification;
import dev.attune.task.tokenclassification.TokenClassificationPipeline;
import dev.attune.task.tokenclassification.TokenClassificationSettings;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import dev.attune.text.Tokenizer;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A whole way of token classification on a tiny model: training, evaluation, files, answers; and what is refused. */
class TokenClassificationJobTest extends RunsFixture {
    /** Sentences whose words tell their tags; the name "xyz" has several tokens. */
    private String conll(String name, int sentences) {
        List<String> lines = new ArrayList<>(List.of("-DOCSTART- O", ""));
        for (int i = 0; i < sentences; i++) {
            for (int k = 0; k < i % 3; k++) lines.add("very O");
            lines.add(List.of("good", "xyz", "great").get(i % 3) + " B-PER");
            if (i % 2 == 0) lines.add("film I-PER");
            lines.addAll(List.of("was O", List.of("bad", "awful").get(i % 2) + " B-LOC", "and O", "not O", ""));
        }
        return runs.file(name, lines);
    }

    private Recipe.Builder recipe(String output, String data) {
        return runs.recipe(output, b -> b.numTrainEpochs(12).learningRate(5e-3).seed(7))
                .task("token-classification")
                .train(data)
                .validation(data);
    }

    /** One short epoch. */
    private Recipe.Builder quick(String output, String data) {
        return runs.recipe(output).task("ner").train(data).validation(data);
    }

    /** Told at the first evaluation of a training, and at every evaluation of a model. */
    @Test
    void aModelThatFindsNothingIsSaid() {
        List<String> lines = new ArrayList<>(List.of("film B-PER", ""));
        for (int i = 0; i < 64; i++) lines.addAll(List.of("the O", "food O", "was O", "not O", ""));
        String train = runs.file("outside.conll", lines);
        String data = conll("names.conll", 16);
        List<String> notes = new ArrayList<>();
        TokenClassificationSettings tags = TokenClassificationSettings.builder()
                .labels(List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC"))
                .build();
        Job.train(
                runs.recipe("m", b -> b.numTrainEpochs(2).evalStrategy(IntervalStrategy.EPOCH))
                        .settings(tags)
                        .train(train)
                        .validation(data)
                        .build(),
                Runs.notesInto(notes));
        String sentence = "None of 32 entities was found, nor any other: the model says the same of all words.";
        assertThat(notes).filteredOn(note -> note.startsWith(sentence)).hasSize(1);
        notes.clear();
        Job.evaluate(runs.output("m"), data, Runs.notesInto(notes));
        assertThat(notes).filteredOn(note -> note.startsWith(sentence)).hasSize(1);
    }

    @Test
    void aModelLearnsToFindNames() throws IOException {
        String data = conll("names.conll", 48);
        Recipe recipe = recipe("m", data).build();
        assertThat(DataDoctor.check(recipe).lines())
                .extracting(Finding::text)
                .contains(
                        "words from tokens, tags from tags (bio)",
                        "entities LOC: 48",
                        "entities PER: 48",
                        "I-PER        24    7.7%  ####");
        TrainSummary done = Job.train(recipe, TrainingListener.SILENT);

        Map<String, Double> results = done.allResults();
        assertThat(results.get("eval_f1")).isGreaterThan(0.9);
        assertThat(results).containsKeys("eval_precision", "eval_recall", "eval_accuracy", "eval_loss");
        assertThat(results).doesNotContainKey("eval_PER_f1");
        Path folder = runs.output("m");
        JsonNode run = Golden.json(folder.resolve("run.json"));
        assertThat(run.at("/task").stringValue()).isEqualTo("token-classification");
        assertThat(run.at("/settings/tag_scheme").stringValue()).isEqualTo("bio");
        assertThat(run.at("/settings/tokens_column").stringValue()).isEqualTo("tokens");
        assertThat(run.at("/settings/labels").toString()).isEqualTo("[\"B-LOC\",\"B-PER\",\"I-PER\",\"O\"]");
        assertThat(folder.resolve("confusion.svg")).content().contains("Confusion of entity types", "PER", "LOC");
        assertThat(folder.resolve("README.md"))
                .content()
                .contains("AutoModelForTokenClassification", "confusion.svg")
                .doesNotContain("Sentences with most wrong entities");

        Map<String, Double> again = Job.evaluate(folder, data, TrainingListener.SILENT);
        for (String key : List.of("eval_precision", "eval_recall", "eval_f1", "eval_accuracy", "eval_loss")) {
            assertThat(again.get(key)).as(key).isEqualTo(results.get(key));
        }
        List<Object> answers = new ArrayList<>();
        RecipeReader flags = new RecipeReader().flag("--aggregation-strategy", "first");
        try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(TrainedOptions.of(folder.toString(), null, flags))) {
            Map<String, Double> metrics =
                    Predictor.rows(pipeline, Datasets.read(data), (row, json, cells) -> answers.add(json));
            for (String key : List.of("precision", "recall", "f1", "accuracy"))
                assertThat(metrics.get(key)).as(key).isEqualTo(results.get("eval_" + key));
        }
        assertThat(answers).hasSize(48);
        TokenAnswers simple =
                TokenAnswers.builder().aggregationStrategy(Aggregation.FIRST).build();
        try (var names = TokenClassificationPipeline.load(FineTuned.open(folder.toString()), simple)) {
            List<Entity> found = names.predict("very xyz film was bad and not");
            assertThat(found).extracting(Entity::label).containsExactly("PER", "LOC");
            assertThat(found).extracting(Entity::word).containsExactly("xyz film", "bad");
            assertThat(found).extracting(Entity::start).containsExactly(5, 18);
        }
    }

    /** A model that learned nothing makes mistakes: they are shown where the reader is, not on the card. */
    @Test
    void mistakesAreInTheReport() throws IOException {
        String data = conll("names.conll", 12);
        Job.train(quick("m", data).build(), TrainingListener.SILENT);
        Path folder = runs.output("m");
        assertThat(folder.resolve("report.txt"))
                .content()
                .contains(
                        "Entities of each type",
                        "f1-score",
                        "Confusion of entity types",
                        "Sentences with most wrong entities",
                        "Words with the highest loss",
                        "Expected calibration error ",
                        "names.conll line ");
        assertThat(Pages.texts(Pages.check(Files.readString(folder.resolve("report.html"))), "h3"))
                .startsWith("Entities of each type", "Confusion of entity types", "Sentences with most wrong entities")
                .contains("Reliability of the probabilities", "Words with the highest loss");
        assertThat(folder.resolve("report.json")).content().contains("\"entities\"", "\"confusion\"", "\"mistakes\"");
        assertThat(folder.resolve("README.md")).content().doesNotContain("Sentences with most wrong entities");
    }

    @Test
    void typesHaveMetricsOfTheirOwn() {
        String data = conll("names.conll", 24);
        TokenClassificationSettings each = TokenClassificationSettings.builder()
                .returnEntityLevelMetrics(true)
                .build();
        Map<String, Double> results = Job.train(recipe("m", data).settings(each).build(), TrainingListener.SILENT)
                .allResults();
        assertThat(results)
                .containsKeys("eval_PER_precision", "eval_PER_recall", "eval_PER_f1", "eval_LOC_precision")
                .containsEntry("eval_PER_number", 24.0)
                .containsEntry("eval_LOC_number", 24.0);
    }

    @Test
    void illegalTagsAreRefusedOrRepaired() {
        String bad = runs.file("bad.conll", "good B-PER", "was O", "", "was O", "bad I-PER", "film I-PER", "not O");
        DataException refused = catchThrowableOfType(
                DataException.class, () -> Job.train(quick("m", bad).build(), TrainingListener.SILENT));
        assertThat(refused)
                .hasMessageContaining(
                        "bad.conll line 4: the tag \"I-PER\" of word 2, \"bad\", may not stand after \"O\"")
                .hasMessageContaining("set repair_tags: true");
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(runs.output("m").resolve("run.json")).doesNotExist();

        List<String> notes = new ArrayList<>();
        TokenClassificationSettings repair =
                TokenClassificationSettings.builder().repairTags(true).build();
        Job.train(quick("m", bad).settings(repair).build(), Runs.notesInto(notes));
        assertThat(notes).anyMatch(note -> note.contains("bad.conll: the tags of 1 sentences were repaired"));
    }

    /** Answers do not depend on tags: they are given, and a note says what the metrics made of the tags. */
    @Test
    void illegalTagsAreToldWherePredictRepairsThem() throws IOException {
        String good = runs.file("good.conll", "good B-PER", "film I-PER", "was O", "", "bad B-LOC", "was O");
        String bad = runs.file("bad.conll", "was O", "good I-PER", "film I-PER");
        Job.train(quick("m", good).build(), TrainingListener.SILENT);
        assertThatThrownBy(() -> Job.evaluate(runs.output("m"), bad, TrainingListener.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("bad.conll line 1: the tag \"I-PER\" of word 2")
                .hasMessageContaining("set repair_tags: true");
        List<String> notes = new ArrayList<>();
        List<Object> answers = new ArrayList<>();
        try (Pipeline<?, ?> pipeline =
                TrainedJob.pipeline(TrainedOptions.of(runs.output("m").toString()))) {
            Map<String, Double> metrics =
                    Predictor.rows(pipeline, Datasets.read(bad), (row, json, cells) -> answers.add(json), notes::add);
            assertThat(metrics).containsKey("f1");
        }
        assertThat(answers).hasSize(1);
        assertThat(notes)
                .singleElement()
                .asString()
                .contains("the tags of 1 rows", "scheme bio (first: ", "bad.conll line 1", "repair_tags: true");
        RecipeReader repair = new RecipeReader().flag("--repair-tags", "true");
        assertThat(TrainedJob.evaluate(
                        TrainedOptions.of(runs.output("m").toString(), null, repair), bad, TrainingListener.SILENT))
                .containsKey("eval_f1");
    }

    @Test
    void rowsThatAreNotWordsWithTagsAreMistakes() {
        String uneven = runs.file(
                "uneven.jsonl",
                "{\"tokens\": [\"good\", \"film\"], \"tags\": [\"B-PER\", \"O\"]}",
                "{\"tokens\": [\"good\", \"film\"], \"tags\": [\"O\"]}");
        assertThat(refused(uneven))
                .hasMessageContaining("uneven.jsonl line 2: there are 2 words in column \"tokens\" but 1 tags in column"
                        + " \"tags\". Give each word one tag.");
        String ragged = runs.file("ragged.conll", "good B-PER", "film", "was O");
        assertThat(refused(ragged))
                .hasMessageContaining(
                        "ragged.conll line 2: expected 2 columns separated by spaces as in the lines before,"
                                + " found 1. Correct the line");
        String tabs = runs.file("tabs.conll", "good\tB-PER", "film O", "was\tO");
        assertThat(refused(tabs)).hasMessageContaining("tabs.conll line 2: expected 2 columns separated by tabs");
        String one = runs.file("one.conll", "good O", "film O");
        assertThat(refused(one)).hasMessageContaining("Every word of", "has the tag \"O\"");
        String bare = runs.file("bare.conll", "good", "film");
        assertThat(refused(bare)).hasMessageContaining("Cannot tell which column of", "Set tags_column");
    }

    private DataException refused(String data) {
        DataException refused = catchThrowableOfType(
                DataException.class, () -> Job.train(quick("refused", data).build(), TrainingListener.SILENT));
        assertThat(refused).as(data).isNotNull();
        assertThat(refused.exitCode()).isEqualTo(3);
        return refused;
    }

    /** The five tokens of "good xyz was" have the first two of "xyz": it takes part, and "was" does not. */
    @Test
    void aWordThatIsCutInItsMiddleTakesPart() {
        String data = runs.file("cut.conll", "good B-PER", "xyz I-PER", "was O", "", "bad O", "was O");
        Dataset rows = Datasets.read(data);
        TaskInput input = new TaskInput(rows, null, TaskOptions.DEFAULT, 42, DataCache.off());
        try (Tokenizer tokenizer = Tokenizer.load(runs.model)) {
            Encoded encoded = new TokenClassification()
                    .prepare(TokenClassificationSettings.DEFAULT, input)
                    .encode(Part.TRAIN, rows, tokenizer, 5, DataCache.off());
            try (Examples examples = encoded.examples()) {
                assertThat(examples.get(0, 0).labels()).containsExactly(-100, 0, 1, -100, -100);
                assertThat(examples.get(1, 0).labels()).containsExactly(-100, 2, 2, -100);
            }
            assertThat(encoded.notes())
                    .singleElement()
                    .asString()
                    .endsWith(
                            "1 of 2 sentences are longer than 5 tokens and were cut; 1 of their words have no token left"
                                    + " and take no part in training or metrics.");
        }
    }

    /** BERT's tokenizer removes a zero-width space: such a word has no token, and such a sentence none at all. */
    @Test
    void wordsMayVanishInTheTokenizer() throws IOException {
        String none = "\u200B";
        String data = runs.file(
                "none.conll", "good B-PER", none + " I-PER", "was O", "", none + " O", "", "bad B-LOC", "was O");
        Recipe recipe = runs.recipe("m", b -> b.perDeviceTrainBatchSize(1))
                .task("ner")
                .train(data)
                .validation(data)
                .build();
        Map<String, Double> results = Job.train(recipe, TrainingListener.SILENT).allResults();
        assertThat(results.get("eval_loss")).isFinite();
        assertThat(results.get("train_loss")).isFinite();
        List<Object> answers = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        try (Pipeline<?, ?> pipeline =
                TrainedJob.pipeline(TrainedOptions.of(runs.output("m").toString()))) {
            Map<String, Double> metrics =
                    Predictor.rows(pipeline, Datasets.read(data), (row, json, cells) -> answers.add(json), notes::add);
            assertThat(metrics.get("accuracy")).isEqualTo(results.get("eval_accuracy"));
        }
        assertThat(answers.get(1)).isEqualTo(List.of());
        assertThat(notes).containsExactly("2 words were cut off or have no token; they take no part in the metrics.");
        try (var names = TokenClassificationPipeline.load(runs.output("m").toString())) {
            assertThat(names.predict(List.of(none, none))).isEmpty();
            assertThat(names.predict(none)).isEmpty();
            assertThat(names.predict(List.of())).isEmpty();
        }
        String empty = runs.file("empty.conll", none + " O", "", none + " B-PER");
        assertThat(refused(empty)).hasMessageContaining("empty.conll: not a single word has a token");
    }

    /** Texts with spans go the whole way as words with tags do; the scheme of a training holds afterwards. */
    @Test
    void textsMayHaveSpans() throws IOException {
        String words = runs.file("words.conll", "good B-PER", "was O", "", "bad B-LOC", "film I-LOC", "was O");
        String spans = runs.file(
                "spans.jsonl",
                "{\"text\": \"good was\", \"spans\": [{\"start\": 0, \"end\": 4, \"label\": \"PER\"}]}",
                "{\"text\": \"bad film was\", \"spans\": [{\"start\": 0, \"end\": 8, \"label\": \"LOC\"}]}");
        Map<String, Double> own = Job.train(quick("words", words).build(), TrainingListener.SILENT)
                .allResults();
        Map<String, Double> other = Job.train(quick("spans", spans).build(), TrainingListener.SILENT)
                .allResults();
        for (String key : List.of("eval_loss", "eval_f1", "eval_accuracy"))
            assertThat(other.get(key)).as(key).isEqualTo(own.get(key));
        assertThat(Job.evaluate(runs.output("spans"), spans, TrainingListener.SILENT)
                        .get("eval_loss"))
                .isEqualTo(other.get("eval_loss"));
        List<Object> answers = new ArrayList<>();
        try (Pipeline<?, ?> pipeline =
                TrainedJob.pipeline(TrainedOptions.of(runs.output("words").toString()))) {
            assertThat(Predictor.rows(pipeline, Datasets.read(spans), (row, json, cells) -> answers.add(json)))
                    .isNull();
        }
        assertThat(answers).hasSize(2);
        String bioes = runs.file("bioes.conll", "good S-PER", "was O");
        assertThatThrownBy(() -> Job.evaluate(runs.output("words"), bioes, TrainingListener.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "bioes.conll line 1: the tag \"S-PER\" of word 1, \"good\", is none of the scheme" + " bio");
    }

    @Test
    void filesWithoutSentencesAreMistakes() {
        refused(runs.file("blank.conll", "", ""));
        refused(runs.file("comments.conll", "# nothing", "-DOCSTART- O"));
    }

    @Test
    void tagsThatTheModelDoesNotHaveCannotBeEvaluated() {
        Job.train(quick("m", conll("names.conll", 8)).build(), TrainingListener.SILENT);
        String other = runs.file("other.conll", "was O", "", "good B-PERS", "was O");
        assertThatThrownBy(() -> Job.evaluate(runs.output("m"), other, TrainingListener.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("other.conll line 3: the tag of word 1 is \"B-PERS\", but the model has the tags"
                        + " [B-LOC, B-PER, I-PER, O]. Did you mean \"B-PER\"?");
    }

    @Test
    void aModelWithoutTheHeadDoesNotAnswer() {
        CheckpointException wrong = catchThrowableOfType(
                CheckpointException.class, () -> TokenClassificationPipeline.load(runs.model.toString()));
        assertThat(wrong).hasMessageContaining("classifier");
        assertThat(wrong.exitCode()).isEqualTo(4);
        // A classifier of texts has a layer of the same name.
        Job.train(runs.recipe("texts").train(runs.sentiment("texts.csv", 8)).build(), TrainingListener.SILENT);
        RecipeReader asked = new RecipeReader();
        assertThatThrownBy(() -> TrainedJob.pipeline(
                                TrainedOptions.of(runs.output("texts").toString(), "token-classification", asked))
                        .close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is a BertForSequenceClassification, which has a label for a whole text");
        String data = conll("names.conll", 4);
        assertThatThrownBy(() -> TrainedJob.evaluate(
                        TrainedOptions.of(runs.output("texts").toString(), "token-classification", asked),
                        data,
                        TrainingListener.SILENT))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("attune train --task token-classification");
    }

    @Test
    void keysThatDoNotFitAreMistakes() {
        ConfigException wrong = catchThrowableOfType(
                ConfigException.class,
                () -> new RecipeReader()
                        .text("my.yaml", "task: fill-mask\nmodel: m\ntrain: t\nrepair_tags: true\n", temp)
                        .forTraining());
        assertThat(wrong).hasMessageContaining("my.yaml:4: repair_tags belongs to the task token-classification");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThatThrownBy(() -> new RecipeReader()
                        .text("my.yaml", "task: ner\nmodel: m\ntrain: t\ndoc_stride: 3\n", temp)
                        .forTraining())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("doc_stride belongs to the task question-answering");
        assertThatThrownBy(() -> TokenAnswers.builder().stride(4).build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("stride needs an aggregation_strategy other than none");
        Hooks metrics = Hooks.NONE.withMetrics(predictions -> Map.of());
        Recipe recipe = quick("m", conll("names.conll", 8)).build();
        assertThatThrownBy(() -> Job.train(recipe, metrics, TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Leave compute_metrics out");
    }

    /** The task's own smoothed loss by hand trains the same model; without smoothing it is another one. */
    @Test
    void lossesMayBeSmoothedOrOnesOwn() throws IOException {
        String data = conll("names.conll", 16);
        Map<String, Double> smooth = Job.train(
                        runs.recipe("smooth", b -> b.labelSmoothingFactor(0.2))
                                .task("ner")
                                .train(data)
                                .validation(data)
                                .build(),
                        TrainingListener.SILENT)
                .allResults();
        Hooks own = Hooks.NONE.withLoss(
                (logits, batch) -> Losses.crossEntropySum(logits, Tensor.ofInts(batch.labels()), 0.2));
        Map<String, Double> same = Job.train(quick("own", data).build(), own, TrainingListener.SILENT)
                .allResults();
        Job.train(quick("plain", data).build(), TrainingListener.SILENT);
        byte[] model = Files.readAllBytes(runs.output("smooth").resolve("model.safetensors"));
        assertThat(runs.output("own").resolve("model.safetensors")).hasBinaryContent(model);
        assertThat(Files.readAllBytes(runs.output("plain").resolve("model.safetensors")))
                .isNotEqualTo(model);
        assertThat(same.get("eval_loss")).isCloseTo(smooth.get("eval_loss"), within(1e-6));
    }

    @Test
    void filesMayBeCompressed() throws IOException {
        String plain = conll("names.conll", 8);
        Path packed = temp.resolve("packed.conll.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(Files.readString(Path.of(plain)).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(Datasets.read(packed.toString()).size()).isEqualTo(8);
        Job.train(quick("plain", plain).build(), TrainingListener.SILENT);
        Job.train(quick("packed", packed.toString()).build(), TrainingListener.SILENT);
        assertThat(runs.output("packed").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("plain").resolve("model.safetensors"));
    }
}
