package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.adapt.LoraConfig;
import dev.attune.adapt.LoraConfigBuilder;
import dev.attune.error.DataException;
import dev.attune.task.Finding;
import dev.attune.task.Finding.Level;
import dev.attune.task.fillmask.FillMaskSettings;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationSettings;
import dev.attune.task.tokenclassification.TokenClassificationSettings;
import dev.attune.tensor.Scope;
import dev.attune.train.SaveStrategy;
import dev.attune.train.TrainingArgumentsBuilder;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the doctor says of the data of each task, and what becomes of data that a training would refuse. */
class DataDoctorTest extends RunsFixture {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static List<String> texts(Diagnosis found) {
        return found.lines().stream().map(Finding::text).toList();
    }

    private static List<String> texts(Diagnosis found, Level level) {
        return found.lines().stream()
                .filter(line -> line.level() == level)
                .map(Finding::text)
                .toList();
    }

    private static JsonNode json(Diagnosis found) {
        return JSON.readTree(JSON.writeValueAsString(found.toMap()));
    }

    private Recipe.Builder texts(String... lines) {
        return runs.recipe("m").train(runs.file("train.csv", lines));
    }

    @Test
    void textClassification() {
        String train = runs.file(
                "train.csv",
                "text,label",
                "the film was good,yes",
                "the film was bad,no",
                "The  film was good,no",
                "the food was 日本 7 and not nice 7,yes",
                "very very very very very very very very very very very very very very bad,Yes");
        String validation = runs.file("validation.csv", "text,label", "the film was bad,no", "poor film,no");
        Diagnosis found = DataDoctor.check(runs.recipe("m")
                .train(train)
                .validation(validation)
                .maxLength(12)
                .build());
        assertThat(found.hasErrors()).isFalse();
        assertThat(texts(found))
                .contains(
                        "train: train.csv, 5 rows",
                        "text from text, label from label",
                        "problem_type single_label_classification",
                        "no          2   40.0%  " + "#".repeat(30),
                        "the labels Yes, yes differ in case or spaces only",
                        "1 rows repeat the text of an earlier row (20.0%)",
                        "1 of them have another label (first: train.csv line 2 and train.csv line 4)",
                        "validation lacks: Yes, yes. The metrics say nothing about it",
                        "1 of 2 validation texts are also in the training data (first: validation.csv line 2); the metrics will be too good",
                        "train.csv line 2, 6 tokens",
                        "  sees    [CLS] the film was good [SEP]",
                        "  learns  yes");
        JsonNode json = json(found);
        assertThat(json.at("/max_length").intValue()).isEqualTo(12);
        assertThat(json.at("/train/unknown_tokens/unknown").intValue()).isEqualTo(4);
        assertThat(json.at("/train/unknown_tokens/pieces/0/text").stringValue()).isEqualTo("7");
        assertThat(json.at("/train/unknown_tokens/pieces/0/count").intValue()).isEqualTo(2);
        assertThat(json.at("/train/unknown_tokens/characters")).hasSize(3);
        assertThat(json.at("/train/lengths/longest").intValue()).isEqualTo(17);
        assertThat(json.at("/train/lengths/longer_rows").intValue()).isEqualTo(1);
        assertThat(json.at("/train/lengths/longer_share").doubleValue()).isEqualTo(0.2);
        assertThat(json.at("/train_and_validation/leakage/exact_rows").intValue())
                .isEqualTo(1);
        JsonNode longest = json.at("/encoding/examples/seen/2");
        assertThat(longest.at("/tokens").intValue()).as("cut").isEqualTo(12);
        assertThat(longest.at("/text").stringValue())
                .startsWith("[CLS] very very")
                .endsWith("very [SEP]");
        assertThat(json.at("/run").isMissingNode()).isTrue();
    }

    /** A model that was chosen by rows is judged too well by them. */
    @Test
    void testRowsAreLookedForInAllValidationData() {
        Diagnosis found = DataDoctor.check(runs.recipe("m")
                .train(runs.file("train.csv", "text,label", "the film was good,yes", "the food was bad,no"))
                .validation(runs.file("validation.csv", "text,label", "nice film,yes", "poor film,no"))
                .validationSet("hard", runs.file("hard.csv", "text,label", "not very nice,no"))
                .test(runs.file("test.csv", "text,label", "poor film,no", "great film,yes"))
                .build());
        assertThat(texts(found))
                .contains(
                        "validation_hard: hard.csv, 1 rows",
                        "1 of 2 test texts are also in the validation data (first: test.csv line 2); the metrics will be too good",
                        "no test text is in the validation_hard data",
                        "no test text is in the training data");
        JsonNode json = json(found);
        assertThat(json.at("/validation_and_test/leakage/exact_rows").intValue())
                .isEqualTo(1);
        assertThat(json.at("/validation_hard_and_test/leakage/exact_rows").intValue())
                .isZero();
        assertThat(json.at("/train_and_validation_hard/leakage/exact_rows").intValue())
                .isZero();
    }

    @Test
    void rowsThatATrainingRefusesAreAllCounted() {
        Diagnosis found = DataDoctor.check(
                texts("text,label", "good,a", "\"\",b", "bad,a", "\"  \",b", "nice,b")
                        .build(),
                true,
                line -> {});
        assertThat(found.hasErrors()).isTrue();
        assertThat(texts(found, Level.ERROR))
                .containsExactly(
                        "2 rows have no text (first: train.csv line 3), and a training would stop there. Give them texts, or remove them");
        JsonNode json = json(found);
        assertThat(json.at("/errors")).hasSize(1);
        assertThat(json.at("/errors/0/section").stringValue()).isEqualTo("train");
        assertThat(json.at("/errors/0/check").stringValue()).isEqualTo("texts");
        assertThat(json.at("/train/texts/without_text/rows").intValue()).isEqualTo(2);
        assertThat(json.at("/train/texts/strange/only_spaces/rows").intValue()).isEqualTo(1);
        assertThat(json.at("/train/lengths/rows").intValue()).isEqualTo(3);
        assertThat(json.at("/encoding").isMissingNode())
                .as("nothing is trained on such data")
                .isTrue();
        assertThat(json.at("/run").isMissingNode()).isTrue();

        String validation = runs.file("validation.csv", "text,label", "good,a", "bad,c", "nice,d");
        Diagnosis unknown = DataDoctor.check(
                texts("text,label", "good,a", "bad,b").validation(validation).build());
        assertThat(texts(unknown, Level.ERROR))
                .containsExactly("2 rows cannot be used, and a training would stop at the first:");
        assertThat(texts(unknown))
                .anyMatch(line -> line.startsWith(
                        "  validation.csv line 3: the label in column \"label\" is \"c\", but the model has"));
    }

    @Test
    void oneLabelIsNothingToLearn() {
        assertThatThrownBy(() ->
                        DataDoctor.check(texts("text,label", "good,a", "bad,a").build()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("there is nothing to learn");
        Diagnosis named = DataDoctor.check(texts("text,label", "good,a", "bad,a")
                .settings(TextClassificationSettings.builder()
                        .labels(List.of("a", "b"))
                        .build())
                .build());
        assertThat(texts(named, Level.WARNING))
                .contains(
                        "all rows have one label, which leaves nothing to learn or to measure",
                        "no row has the label b");
    }

    @Test
    void numbersSeveralLabelsAndPairs() {
        Diagnosis numbers = DataDoctor.check(texts("text,label", "good,1.5", "bad,-0.5", "nice,1.0", "GOOD,2.5")
                .build());
        assertThat(texts(numbers))
                .contains(
                        "targets from -0.5000 to 2.500, median 1.500, mean 1.125, standard deviation 1.083",
                        "  learns  1.5");
        JsonNode targets = json(numbers).at("/train/targets");
        assertThat(targets.at("/mean").doubleValue()).isEqualTo(1.125);
        assertThat(json(numbers).at("/train/duplicates/contradicting_rows").intValue())
                .isEqualTo(1);

        Diagnosis several = DataDoctor.check(texts("text,label", "good,a|b", "bad,b", "nice,|")
                .settings(TextClassificationSettings.builder()
                        .problemType(ProblemType.MULTI_LABEL_CLASSIFICATION)
                        .build())
                .build());
        assertThat(json(several).at("/train/labels/counts/1/count").intValue()).isEqualTo(2);
        assertThat(json(several).at("/train/texts/without_label/rows").intValue())
                .isEqualTo(1);
        assertThat(texts(several)).contains("  learns  a | b");

        Diagnosis pairs = DataDoctor.check(texts("sentence1,sentence2,label", "good,bad,x", "good,nice,y", "Good,bad,y")
                .build());
        assertThat(json(pairs).at("/train/duplicates/repeated_rows").intValue()).isEqualTo(1);
        assertThat(texts(pairs)).contains("  sees    [CLS] good [SEP] bad [SEP]");
    }

    @Test
    void questionAnswering() {
        String good = "{\"question\": \"was the film\", \"context\": \"the film was very very good and nice\","
                + " \"answers\": {\"text\": [\"%s\"], \"answer_start\": [%d]}}";
        String none = "{\"question\": \"was the food\", \"context\": \"the film was good\", \"answers\": {\"text\": [],"
                + " \"answer_start\": []}}";
        String train = runs.file(
                "train.jsonl",
                good.formatted("good", 23),
                none,
                good.formatted("nice", 32),
                none.replace("food", "poor"));
        Diagnosis found = DataDoctor.check(runs.recipe("m")
                .task("question-answering")
                .train(train)
                .validation(runs.file("validation.jsonl", none.replace("the food", "not")))
                .maxLength(12)
                .settings(dev.attune.task.questionanswering.QuestionAnsweringSettings.builder()
                        .docStride(2)
                        .build())
                .build());
        assertThat(found.hasErrors()).as(String.join("\n", texts(found))).isFalse();
        assertThat(texts(found))
                .contains(
                        "2 questions have an answer, 2 have none",
                        "1 of them have another answer (first: train.jsonl line 1 and train.jsonl line 3)",
                        "2 of 4 texts are longer than max_length 12 (50.0%) and become several examples",
                        "validation lacks: with an answer. The metrics say nothing about it",
                        "1 rows share their context with training rows",
                        "4 rows become 6 examples",
                        "6 windows, 3 of them with an answer");
        assertThat(texts(found)).anyMatch(line -> line.startsWith("  learns  tokens ") && line.endsWith(": nice"));

        Diagnosis moved = DataDoctor.check(runs.recipe("m")
                .task("question-answering")
                .train(runs.file("moved.jsonl", none, good.formatted("good", 3)))
                .build());
        assertThat(texts(moved, Level.ERROR)).hasSize(1);
        assertThat(texts(moved)).anyMatch(line -> line.contains("the answer \"good\" is not at answer_start 3"));
    }

    @Test
    void tokenClassification() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 12; i++) lines.addAll(List.of("good B-PER", "film I-PER", "was O", ""));
        lines.addAll(List.of("Good B-PER", "film O", "was O", ""));
        Diagnosis found = DataDoctor.check(runs.recipe("m")
                .task("token-classification")
                .train(runs.file("train.conll", lines))
                .build());
        assertThat(texts(found))
                .contains(
                        "words from tokens, tags from tags (bio)",
                        "B-PER        13   33.3%  " + "#".repeat(28),
                        "entities PER: 13",
                        "12 rows repeat the text of an earlier row (92.3%)",
                        "  sees    [CLS] good film was [SEP]",
                        "  learns  good/B-PER film/I-PER was/O");
        assertThat(texts(found)).anyMatch(line -> line.startsWith("1 of them have another sequence of tags"));

        Diagnosis repaired = DataDoctor.check(runs.recipe("m")
                .task("token-classification")
                .train(runs.file("wrong.conll", "good B-PER", "film I-LOC", "was O", "", "bad B-LOC", "was O", ""))
                .settings(TokenClassificationSettings.builder().repairTags(true).build())
                .build());
        assertThat(texts(repaired)).contains("the tags of 1 sentences will be repaired");
    }

    @Test
    void fillMask() {
        String train =
                runs.file("train.txt", "the film was very good", "", "the food was bad", "the film was very good");
        Diagnosis found = DataDoctor.check(runs.recipe("m")
                .task("fill-mask")
                .train(train)
                .settings(FillMaskSettings.builder()
                        .mlmProbability(0.5)
                        .lineByLine(true)
                        .build())
                .build());
        assertThat(found.hasErrors()).isFalse();
        assertThat(texts(found))
                .contains("1 texts are empty and will be left out", "1 rows repeat the text of an earlier row (25.0%)")
                .anyMatch(line -> line.startsWith("  sees    [CLS]") && line.contains("[MASK]"))
                .anyMatch(line -> line.startsWith("  learns  ") && line.contains(" at "))
                .noneMatch(line -> line.contains("another label"));
        Diagnosis joined = DataDoctor.check(runs.recipe("m")
                .task("fill-mask")
                .train(train)
                .settings(FillMaskSettings.builder().lineByLine(false).build())
                .build());
        assertThat(texts(joined)).contains("3 rows become 1 examples");
    }

    /** Keys are the same for good data and for bad. */
    @Test
    void jsonHasTheSameKeysWhateverIsFound() {
        Diagnosis good = DataDoctor.check(texts("text,label", "good,a", "bad,b").build());
        Diagnosis bad = DataDoctor.check(texts("text,label", "good,a", "GOOD,b", "\"\",a", "the \u0001 film,b")
                .build());
        JsonNode a = json(good);
        JsonNode b = json(bad);
        assertThat(a.propertyNames())
                .containsExactly("task", "model", "max_length", "errors", "warnings", "train", "encoding");
        assertThat(a.at("/train").propertyNames())
                .containsExactly(
                        "name",
                        "rows",
                        "columns",
                        "problem",
                        "labels",
                        "texts",
                        "duplicates",
                        "lengths",
                        "unknown_tokens");
        assertThat(keys(a.at("/train"))).isEqualTo(keys(b.at("/train")));
    }

    /** The keys of objects, those of objects within them too; lists may be empty. */
    private static Set<String> keys(JsonNode node) {
        Set<String> keys = new TreeSet<>();
        node.properties().forEach(entry -> {
            keys.add(entry.getKey());
            keys(entry.getValue()).forEach(inner -> keys.add(entry.getKey() + "." + inner));
        });
        return keys;
    }

    @Test
    void estimatesWhatARunThenTakes() throws IOException {
        String train = runs.sentiment("train.csv", 96);
        Recipe recipe = runs.recipe(
                        "m",
                        b -> b.numTrainEpochs(3)
                                .saveStrategy(SaveStrategy.EPOCH)
                                .saveTotalLimit(2))
                .train(train)
                .validation(runs.sentiment("validation.csv", 24))
                .build();
        Set<String> before = files();
        List<String> heard = new ArrayList<>();
        long handles = Scope.liveHandles();
        Diagnosis found = DataDoctor.check(recipe, true, line -> heard.add(line.text()));
        assertThat(files()).as("nothing is left on the disk").isEqualTo(before);
        assertThat(Scope.liveHandles()).isEqualTo(handles);
        assertThat(heard).isEqualTo(texts(found));

        JsonNode run = json(found).at("/run/estimate");
        assertThat(run.at("/estimated_from_steps").intValue()).isEqualTo(3);
        assertThat(run.at("/total_steps").intValue()).isEqualTo(36);
        assertThat(run.at("/evaluations").intValue()).isEqualTo(1);
        assertThat(run.at("/failure").isNull()).isTrue();
        assertThat(run.at("/train_seconds").doubleValue())
                .isCloseTo(36 * run.at("/seconds_per_step").doubleValue(), within(1e-9))
                .isBetween(1e-3, 60.0);
        assertThat(run.at("/evaluation_seconds").doubleValue()).isPositive();
        assertThat(run.at("/peak_memory_bytes").longValue()).isGreaterThan(50_000_000);
        assertThat(texts(found)).anyMatch(line -> line.startsWith("an estimate: from 3 steps"));

        Job.train(recipe, TrainingListener.SILENT);
        Path output = runs.output("m");
        assertThat(run.at("/checkpoints_kept").intValue()).isEqualTo(2);
        try (Stream<Path> folders = Files.list(output)) {
            assertThat(folders.filter(f -> f.getFileName().toString().startsWith("checkpoint-")))
                    .hasSize(2);
        }
        assertSizes(run, output, 36);
    }

    private static void assertSizes(JsonNode estimate, Path output, int lastStep) throws IOException {
        long model = weights(output);
        assertThat(estimate.at("/model_bytes").longValue()).isBetween(model - 10_000, model);
        long state = weights(output.resolve("checkpoint-" + lastStep));
        assertThat(estimate.at("/checkpoint_bytes").longValue()).isBetween(state - 30_000, state);
    }

    /** Bytes of the files with tensors. */
    private static long weights(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) if (file.toString().endsWith(".safetensors")) bytes += Files.size(file);
        }
        return bytes;
    }

    /** Of what is frozen an optimizer remembers nothing; of a model with adapters they alone are written, unless merged. */
    @Test
    void estimatesTheDiskOfFrozenModelsAndAdapters() throws IOException {
        String train = runs.sentiment("train.csv", 16);
        UnaryOperator<TrainingArgumentsBuilder> saving = b -> b.saveStrategy(SaveStrategy.EPOCH);
        Recipe.Builder frozen = runs.recipe("frozen", b -> saving.apply(b).freeze(List.of("base")))
                .train(train);
        Recipe.Builder averaged =
                runs.recipe("averaged", b -> saving.apply(b).emaDecay(0.9)).train(train);
        Recipe.Builder adapters = runs.recipe("adapters", saving).train(train).lora(LoraConfig.DEFAULTS);
        Recipe.Builder merged = runs.recipe("merged", saving)
                .train(train)
                .lora(LoraConfigBuilder.builder(LoraConfig.DEFAULTS).merge(true).build());
        for (Recipe recipe : List.of(frozen.build(), averaged.build(), adapters.build(), merged.build())) {
            JsonNode run = json(DataDoctor.check(recipe, true, line -> {})).at("/run/estimate");
            Job.train(recipe, TrainingListener.SILENT);
            assertSizes(
                    run, recipe.training().outputDir(), run.at("/total_steps").intValue());
        }
    }

    @Test
    void aLearningRateThatDivergesIsTold() {
        Diagnosis found = DataDoctor.check(
                runs.recipe("m", b -> b.learningRate(1e30))
                        .train(runs.sentiment("train.csv", 48))
                        .build(),
                true,
                line -> {});
        assertThat(texts(found, Level.WARNING)).anyMatch(line -> line.startsWith("the first steps failed: "));
        assertThat(found.hasErrors()).isFalse();
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(temp)) {
            return new TreeSet<>(all.map(Path::toString).toList());
        }
    }
}
