package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.error.AttuneException;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.error.DivergedException;
import dev.attune.model.Golden;
import dev.attune.model.TinyModel;
import dev.attune.task.textclassification.TextClassificationSettings;
import dev.attune.train.RunFolder;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mistakes of users, each with its exit code and a sentence that says where and what to do. Every failing run is asked to
 * overwrite an older one, and every test looks that the older one is still there; only a run that has begun to train
 * replaces it.
 */
class BadInputTest extends RunsFixture {
    private static final String[] GOOD = {"text,label", "good film,yes", "bad film,no", "nice food,yes", "poor food,no"
    };

    // ---- data: exit code 3

    @Test
    void missingFile() {
        runs.file("training.csv", GOOD);
        assertThat(data(runs.recipe("a").train(temp.resolve("trainin.csv").toString())))
                .hasMessageContaining("No file '" + temp.resolve("trainin.csv") + "'")
                .hasMessageContaining("Did you mean \"training.csv\"?");
    }

    @Test
    void missingColumn() {
        assertThat(data(runs.recipe("a")
                        .train(runs.file("train.csv", GOOD))
                        .settings(TextClassificationSettings.builder()
                                .labelColumn("lable")
                                .build())))
                .hasMessageContaining("No column 'lable' in train.csv; it has text, label.")
                .hasMessageContaining("Did you mean \"label\"?");
    }

    @Test
    void missingColumnInTheValidationFile() {
        assertThat(data(runs.recipe("a")
                        .train(runs.file("train.csv", GOOD))
                        .validation(runs.file("validation.csv", "text,labels", "good,yes"))))
                .hasMessageContaining("No column 'label' in validation.csv; it has text, labels.")
                .hasMessageContaining("Did you mean \"labels\"?");
    }

    @Test
    void emptyFile() {
        assertThat(data(runs.recipe("a").train(runs.file("train.csv"))))
                .hasMessageContaining(temp.resolve("train.csv") + " is empty (0 bytes)");
    }

    @Test
    void onlyAHeader() {
        assertThat(data(runs.recipe("a").train(runs.file("train.csv", "text,label"))))
                .hasMessageContaining("train.csv has no rows, only the columns text, label");
        assertThat(data(runs.recipe("a")
                        .train(runs.file("train.csv", GOOD))
                        .validation(runs.file("validation.csv", "text,label"))))
                .hasMessageContaining("validation.csv has no rows, only the columns text, label");
    }

    @Test
    void raggedRow() {
        assertThat(data(runs.recipe("a").train(runs.file("train.csv", "text,label", "good,yes", "bad, awful,no"))))
                .hasMessageContaining("train.csv line 3: expected 2 fields (text, label), found 3")
                .hasMessageContaining("in double quotes");
    }

    @ParameterizedTest
    @ValueSource(strings = {",no", "\"\",no", "\"  \",no"})
    void emptyText(String row) {
        assertThat(data(runs.recipe("a").train(runs.file("train.csv", "text,label", "good,yes", row))))
                .hasMessageContaining("train.csv line 3: the text in column \"text\" is ")
                .hasMessageContaining("Give it a text, or remove the row.");
    }

    @Test
    void nullText() {
        assertThat(data(runs.recipe("a")
                        .train(runs.file(
                                "train.jsonl",
                                "{\"text\": \"good\", \"label\": 1}",
                                "{\"text\": null, \"label\": 0}"))))
                .hasMessageContaining("train.jsonl line 2: the text in column \"text\" is null");
    }

    @Test
    void emptyLabel() {
        assertThat(data(runs.recipe("a").train(runs.file("train.csv", "text,label", "good,yes", "bad,"))))
                .hasMessageContaining("train.csv line 3: the label in column \"label\" is empty");
    }

    @Test
    void labelOutsideTheSetOfLabels() {
        assertThat(data(runs.recipe("a")
                        .train(runs.file("train.csv", GOOD))
                        .settings(TextClassificationSettings.builder()
                                .labels(List.of("yes", "mo"))
                                .build())))
                .hasMessageContaining("train.csv line 3: the label in column \"label\" is \"no\"")
                .hasMessageContaining("[yes, mo]. Did you mean \"mo\"?")
                .hasMessageContaining("key labels");
    }

    @Test
    void oneClassOnly() {
        assertThat(data(runs.recipe("a").train(runs.file("train.csv", "text,label", "good,yes", "nice,yes"))))
                .hasMessageContaining("Every row of train.csv has the label \"yes\"")
                .hasMessageContaining("set label_column");
    }

    @Test
    void aTargetThatIsNoNumber() {
        assertThat(data(runs.recipe("a")
                        .train(runs.file("train.csv", "text,score", "good,1.5", "bad,0.5"))
                        .validation(runs.file("validation.csv", "text,score", "good,1.5", "bad,NaN"))))
                .hasMessageContaining("validation.csv line 3: the target in column \"score\" is \"NaN\"");
    }

    @Test
    void evaluationLabelThatTrainingNeverSaw() {
        assertThat(data(runs.recipe("a")
                        .train(runs.file("train.csv", GOOD))
                        .validation(runs.file("validation.csv", "text,label", "good,yes", "was,maybe"))))
                .hasMessageContaining("validation.csv line 3: the label in column \"label\" is \"maybe\"")
                .hasMessageContaining("[no, yes]");
    }

    @Test
    void evaluationOfDataWithAnotherLabel() {
        Recipe recipe = runs.recipe("a").train(runs.file("train.csv", GOOD)).build();
        Job.train(recipe, TrainingListener.SILENT);
        String data = runs.file("test.csv", "text,label", "good,yess");
        assertThat(catchThrowableOfType(
                        DataException.class, () -> Job.evaluate(runs.output("a"), data, TrainingListener.SILENT)))
                .hasMessageContaining("test.csv line 2: the label in column \"label\" is \"yess\"")
                .hasMessageContaining("Did you mean \"yes\"?");
    }

    // ---- notes: the run goes on

    @Test
    void aTextLongerThanTheModelTakesIsCutAndCounted() {
        String data = runs.file("train.csv", "text,label", "good film,yes", "very ".repeat(100) + "bad,no");
        assertThat(notes(runs.recipe("a").train(data)))
                .anySatisfy(note -> assertThat(note)
                        .startsWith("train.csv: 1 of 2 texts are longer than 48 tokens and were cut")
                        .contains("% of all tokens lost; the first is train.csv line 3"));
        assertThat(notes(runs.recipe("b").train(data).maxLength(5)))
                .anySatisfy(note -> assertThat(note).contains("longer than 5 tokens"));
        assertThat(notes(runs.recipe("c").train(data).maxLength(5000)))
                .as("no more than the model takes")
                .anySatisfy(note -> assertThat(note).contains("longer than 48 tokens"));
    }

    @Test
    void evaluationCountsWhatItCutsToo() {
        Recipe recipe = runs.recipe("a").train(runs.file("train.csv", GOOD)).build();
        Job.train(recipe, TrainingListener.SILENT);
        String data = runs.file("test.csv", "text,label", "good film,yes", "very ".repeat(100) + "bad,no");
        List<String> notes = new ArrayList<>();
        Job.evaluate(runs.output("a"), data, Runs.notesInto(notes));
        assertThat(notes).hasSize(2).startsWith("Columns: text from text, label from label.");
        assertThat(notes.get(1))
                .startsWith("test.csv: 1 of 2 texts are longer than 48 tokens and were cut")
                .contains("the first is test.csv line 3");
    }

    @Test
    void aLoneSurrogateOrNulIsReplacedAndReported() {
        String data = runs.file(
                "train.jsonl",
                "{\"text\": \"good \\ud83d film\", \"label\": \"yes\"}",
                "{\"text\": \"bad \\u0000 film\", \"label\": \"no\"}",
                "{\"text\": \"nice \\ud83d\\ude00 film\", \"label\": \"yes\"}");
        assertThat(notes(runs.recipe("a").train(data)))
                .anySatisfy(note -> assertThat(note).startsWith("train.jsonl: 2 texts hold a NUL or half a surrogate"));
    }

    @Test
    void aNulInTheSecondTextIsReportedToo() {
        String data = runs.file(
                "train.jsonl",
                "{\"text\": \"good\", \"text_pair\": \"a \\u0000 b\", \"label\": \"yes\"}",
                "{\"text\": \"bad\", \"text_pair\": \"b\", \"label\": \"no\"}");
        assertThat(notes(runs.recipe("a").train(data)))
                .anySatisfy(note -> assertThat(note).startsWith("train.jsonl: 1 texts hold a NUL"));
    }

    // ---- model: exit code 4

    @Test
    void tokenizerOfAnotherModel() throws IOException {
        List<String> words = new ArrayList<>(TinyModel.WORDS);
        words.add("extra");
        TinyModel.writeVocabulary(runs.model, words);
        assertThat(checkpoint())
                .hasMessageContaining("The tokenizer has 71 tokens, but the model has embeddings for 70")
                .hasMessageContaining(runs.model.resolve("config.json").toString())
                .hasMessageContaining("Use the tokenizer that the model was trained with.");
    }

    @Test
    void noTokenizer() throws IOException {
        Files.delete(runs.model.resolve("vocab.txt"));
        assertThat(checkpoint()).hasMessageContaining(runs.model.toString()).hasMessageContaining("tokenizer.json");
    }

    @Test
    void noConfig() throws IOException {
        Files.delete(runs.model.resolve("config.json"));
        assertThat(checkpoint()).hasMessageContaining(runs.model + " has no config.json");
    }

    @Test
    void noWeights() throws IOException {
        Files.delete(runs.model.resolve("model.safetensors"));
        assertThat(checkpoint()).hasMessageContaining(runs.model + " has no weights. Looked for model.safetensors");
    }

    @Test
    void configOfAnotherShape() throws IOException {
        Path config = runs.model.resolve("config.json");
        Files.writeString(config, TinyModel.config(0.1).with("hidden_size", 24).toJson());
        assertThat(checkpoint())
                .hasMessageContaining("do not fit")
                .hasMessageContaining("bert.embeddings.word_embeddings.weight: [70, 16] in the file, [70, 24] in the")
                .hasMessageContaining("Check that config.json belongs to these weights.");
    }

    @Test
    void unknownKindOfModel() throws IOException {
        Files.writeString(
                runs.model.resolve("config.json"),
                TinyModel.config(0.1).with("model_type", "berd").toJson());
        assertThat(checkpoint()).hasMessageContaining("model_type is \"berd\"").hasMessageContaining("\"bert\"?");
    }

    @Test
    void truncatedSafetensors() throws IOException {
        Path file = runs.model.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 5, 200, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(checkpoint()).as(length + " bytes").hasMessageContaining(file.toString());
        }
    }

    @Test
    void safetensorsWithBytesTooMany() throws IOException {
        Path file = runs.model.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length + 3));
        assertThat(checkpoint()).hasMessageContaining(file.toString()).hasMessageContaining("3");
    }

    @Test
    void malformedSafetensors() throws IOException {
        Path file = runs.model.resolve("model.safetensors");
        for (long length : new long[] {-1, Long.MAX_VALUE, 1L << 40, 99_999_999}) {
            ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
            Files.write(file, bytes.putLong(length).array());
            assertThat(checkpoint()).as("header of " + length).hasMessageContaining(file.toString());
        }
        byte[] json = "{\"a\": {\"dtype\": \"F32\", \"shape\": [9], ".getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                ByteBuffer.allocate(8 + json.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .array());
        assertThat(checkpoint()).hasMessageContaining(file.toString());
    }

    @Test
    void malformedOnnx() throws IOException {
        Files.delete(runs.model.resolve("model.safetensors"));
        Path file = runs.model.resolve("model.onnx");
        Files.writeString(file, "this is a text and no model");
        assertThat(checkpoint()).hasMessageContaining(file.toString());
        Files.write(file, new byte[0]);
        assertThat(checkpoint()).hasMessageContaining(file.toString());
    }

    @Test
    void malformedTensorFlowBundle() throws IOException {
        Files.delete(runs.model.resolve("model.safetensors"));
        Path index = runs.model.resolve("bert_model.ckpt.index");
        Files.writeString(index, "this is a text and no table of variables, ".repeat(4));
        assertThat(checkpoint()).hasMessageContaining(index.toString());
        Files.write(index, new byte[0]);
        assertThat(checkpoint()).hasMessageContaining(index.toString());
    }

    // No network for a maven: model is tested in HubTest, with settings and a local repository of its own.

    // ---- output folder: exit code 2

    @Test
    void outputFolderUnderAFile() {
        String data = runs.file("train.csv", GOOD);
        Path file = Path.of(runs.file("a-file", "precious"));
        for (Path output : List.of(file, file.resolve("run"))) {
            Recipe recipe = recipe(output, data).build();
            assertThat(catchThrowableOfType(ConfigException.class, () -> Job.train(recipe, TrainingListener.SILENT)))
                    .hasMessageContaining("output_dir " + output)
                    .hasMessageMatching("(?s).*(Name a folder|Choose a folder that you may write to)\\.");
        }
        assertThat(file).hasContent("precious");
    }

    @Test
    void outputFolderHoldsARun() throws IOException {
        String data = runs.file("train.csv", GOOD);
        Recipe recipe = runs.recipe("a").train(data).build();
        Job.train(recipe, TrainingListener.SILENT);
        Map<String, String> before = snapshot(runs.output("a"));
        assertThat(catchThrowableOfType(ConfigException.class, () -> Job.train(recipe, TrainingListener.SILENT)))
                .hasMessageContaining("output_dir " + runs.output("a") + " already holds a run")
                .hasMessageContaining("overwrite: true");
        assertThat(snapshot(runs.output("a"))).isEqualTo(before);
        Job.train(runs.recipe("a", b -> b.seed(3)).train(data).overwrite(true).build(), TrainingListener.SILENT);
        assertThat(snapshot(runs.output("a")).get("model.safetensors")).isNotEqualTo(before.get("model.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "model.safetensors", "config.json", "metrics.jsonl", "loss.svg"})
    void outputFolderHoldsAFileThatWouldBeReplaced(String name) throws IOException {
        Path output = Files.createDirectories(runs.output("a"));
        Files.writeString(output.resolve(name), "precious");
        Recipe recipe = runs.recipe("a").train(runs.file("train.csv", GOOD)).build();
        assertThat(catchThrowableOfType(ConfigException.class, () -> Job.train(recipe, TrainingListener.SILENT)))
                .hasMessageContaining("already holds " + name);
        assertThat(snapshot(output)).hasSize(1).containsEntry(name, "precious");
    }

    @Test
    void outputFolderIsTheModel() throws IOException {
        Map<String, String> before = snapshot(runs.model);
        Recipe recipe =
                recipe(runs.model, runs.file("train.csv", GOOD)).overwrite(true).build();
        assertThat(catchThrowableOfType(ConfigException.class, () -> Job.train(recipe, TrainingListener.SILENT)))
                .hasMessageContaining("is the folder of the pretrained model");
        assertThat(snapshot(runs.model)).isEqualTo(before);
    }

    @Test
    void maximumLengthWithoutRoom() {
        assertThat(failing(
                        ConfigException.class,
                        2,
                        runs.recipe("a")
                                .train(runs.file("train.csv", "sentence1,sentence2,label", "good,nice,1", "good,bad,0"))
                                .maxLength(3)))
                .hasMessageContaining("special tokens alone are 3")
                .hasMessageContaining("Use at least 4");
    }

    @Test
    void validationRowsAndTheirNameBelongTogether() {
        Dataset rows =
                Datasets.of("films", List.of(Map.of("text", "good", "label", 1), Map.of("text", "bad", "label", 0)));
        Recipe without = runs.recipe("a").train("films").build();
        Recipe with = runs.recipe("a").train("films").validation("more").build();
        assertThatThrownBy(() -> Job.train(without, rows, rows, TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Validation rows were given, but the recipe has no validation to call them by")
                .hasMessageContaining("such as \"films\"");
        assertThatThrownBy(() -> Job.train(with, rows, null, TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("validation is \"more\" in the recipe, but no validation rows were given");
        assertThat(runs.output("a")).doesNotExist();
    }

    @Test
    void droppingTheLastBatchLeavesNone() {
        assertThat(failing(
                        ConfigException.class,
                        2,
                        runs.recipe("a", b -> b.dataloaderDropLast(true).perDeviceTrainBatchSize(8))
                                .train(runs.file("train.csv", GOOD))))
                .hasMessageContaining("dataloader_drop_last")
                .hasMessageContaining("4 examples");
    }

    @Test
    void labelSmoothingOfNumbers() {
        assertThat(failing(
                        ConfigException.class,
                        2,
                        runs.recipe("a", b -> b.labelSmoothingFactor(0.1))
                                .train(runs.file("train.csv", "text,score", "good,1.5", "bad,0.5"))))
                .hasMessageContaining("label_smoothing_factor")
                .hasMessageContaining("regression");
    }

    // ---- training diverged: exit code 5

    @Test
    void weightsThatAreNotNumbers() throws IOException {
        // The last tensor of the file: its last value becomes NaN.
        Path file = runs.model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
        Files.write(file, bytes);
        assertThat(checkpoint())
                .hasMessageContaining("holds numbers that are not finite")
                .hasMessageContaining(file.toString());
    }

    @Test
    void learningRateFarTooLarge() throws IOException {
        assertThat(diverged(runs.recipe("a", b -> b.learningRate(1e37).numTrainEpochs(5))
                        .train(runs.file("train.csv", GOOD))))
                .hasMessageMatching("(?s)Step [2-5]: .*Lower learning_rate.*");
    }

    @Test
    void theLastStepIsLookedAtToo() throws IOException {
        assertThat(diverged(
                        runs.recipe("a", b -> b.learningRate(1e39).maxSteps(1)).train(runs.file("train.csv", GOOD))))
                .hasMessageContaining("Step 1: ")
                .hasMessageContaining("the model was not saved");
    }

    // ---- fixtures

    private Recipe.Builder recipe(Path output, String data) {
        return Recipe.builder()
                .model(runs.model.toString())
                .train(data)
                .training(TrainingArguments.builder().outputDir(output).build());
    }

    private AttuneException data(Recipe.Builder recipe) {
        return failing(DataException.class, 3, recipe);
    }

    private AttuneException checkpoint() {
        return failing(CheckpointException.class, 4, runs.recipe("a").train(runs.file("train.csv", GOOD)));
    }

    /** Runs over an older run; whatever the mistake, the older one must survive. */
    private <E extends AttuneException> E failing(Class<E> type, int exitCode, Recipe.Builder recipe) {
        try {
            Path output = olderRun();
            Map<String, String> before = snapshot(output);
            E error = catchThrowableOfType(
                    type, () -> Job.train(recipe.overwrite(true).build(), TrainingListener.SILENT));
            assertThat(error).as("an error").isNotNull();
            assertThat(error.exitCode()).isEqualTo(exitCode);
            assertThat(snapshot(output)).isEqualTo(before);
            return error;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs over an older run; the folder must not offer the older model as the result of the new run. */
    private DivergedException diverged(Recipe.Builder recipe) throws IOException {
        Path output = olderRun();
        DivergedException error = catchThrowableOfType(
                DivergedException.class, () -> Job.train(recipe.overwrite(true).build(), TrainingListener.SILENT));
        assertThat(error).isNotNull();
        assertThat(error.exitCode()).isEqualTo(5);
        assertThat(snapshot(output))
                .containsOnlyKeys("run.json", "metrics.jsonl", "notes.txt")
                .containsEntry("notes.txt", "old notes.txt");
        assertThat(Golden.json(output.resolve("run.json")).has("finished")).isFalse();
        assertThat(output.resolve("metrics.jsonl")).content().doesNotContain("old");
        return error;
    }

    /** Every file of a run, weights in shards too, and one that is the user's own. */
    private Path olderRun() throws IOException {
        Path output = Files.createDirectories(runs.output("a"));
        List<String> names = new ArrayList<>(RunFolder.FILES);
        names.addAll(List.of("model-00001-of-00001.safetensors", "model.safetensors.index.json"));
        for (String name : names) Files.writeString(output.resolve(name), "old " + name);
        Files.writeString(output.resolve("notes.txt"), "old notes.txt");
        return output;
    }

    private static List<String> notes(Recipe.Builder recipe) {
        List<String> notes = new ArrayList<>();
        Job.train(recipe.build(), Runs.notesInto(notes));
        return notes;
    }

    private static Map<String, String> snapshot(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(
                            file -> folder.relativize(file).toString(),
                            BadInputTest::content,
                            (a, b) -> a,
                            TreeMap::new));
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
