package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import dev.attune.task.TaskType;
import dev.attune.task.Tasks;
import dev.attune.task.featureextraction.FeatureExtractionSettings;
import dev.attune.task.textclassification.TextClassificationSettings;
import dev.attune.train.TrainingArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeReaderTest {
    private static final String SMALLEST = "model: minilm\ntrain: train.csv\n";

    private static Recipe read(String yaml) {
        return new RecipeReader().text("my.yaml", yaml, Path.of("nowhere")).forTraining();
    }

    private static TextClassificationSettings settings(Recipe recipe) {
        return (TextClassificationSettings) recipe.settings();
    }

    private static Map<String, Object> trained(RecipeReader reader) {
        TaskType<?> task = Tasks.named(Tasks.DEFAULT);
        return reader.forTrained(task, TrainedOptions.schema(task));
    }

    private static String mistakes(String yaml) {
        try {
            read(yaml);
        } catch (ConfigException e) {
            assertThat(e.exitCode()).isEqualTo(2);
            return e.getMessage();
        }
        throw new AssertionError("no mistake was found");
    }

    /** The parser reads 1,025 units at a time, and an emoji has two. */
    @Test
    void anEmojiMayStandAnywhere() {
        for (int before = 1_000; before < 1_050; before++) {
            String yaml = "# " + "a".repeat(before) + "😀\nmodel: m\ntrain: 😀.csv\noutput_dir: out\n";
            Recipe recipe = new RecipeReader().text("r.yaml", yaml, Path.of("")).forTraining();
            assertThat(recipe.toMap()).containsEntry("train", "😀.csv");
        }
    }

    @Test
    void smallestRecipeHasDefaultsOfHuggingFace() {
        Recipe recipe = read(SMALLEST);

        assertThat(recipe.task().key()).isEqualTo("text-classification");
        assertThat(recipe.job().train().text()).isEqualTo("train.csv");
        assertThat(recipe.job().validation()).isNull();
        assertThat(settings(recipe).labels()).isEmpty();
        assertThat(recipe.job().maxLength()).isNull();
        TrainingArguments training = recipe.training();
        assertThat(training.outputDir()).isEqualTo(Path.of("trainer_output"));
        assertThat(training.learningRate()).isEqualTo(5e-5);
        assertThat(training.numTrainEpochs()).isEqualTo(3);
        assertThat(training.maxSteps()).isEqualTo(-1);
        assertThat(training.optim()).hasToString("adamw_torch_fused");
        assertThat(training.lrSchedulerType()).hasToString("linear");
        assertThat(training.evalStrategy()).hasToString("no");
        assertThat(training.evalSteps()).isNull();
        assertThat(training.loggingSteps()).isEqualTo(500);
        assertThat(training.seed()).isEqualTo(42);
        assertThat(training.dataSeed()).isNull();
    }

    @Test
    void scalarsMeanWhatIsWritten() {
        Recipe recipe = read(SMALLEST + """
                learning_rate: 1e-3
                weight_decay: 1
                bf16: yes
                label_column: no
                labels: [True, no, 007, 1.50, null]
                max_length: 0128
                data_seed: "7"
                optim: adamw_torch
                """);

        assertThat(recipe.training().learningRate()).isEqualTo(1e-3);
        assertThat(recipe.training().weightDecay()).isEqualTo(1);
        assertThat(recipe.training().bf16()).isTrue();
        assertThat(settings(recipe).labelColumn()).isEqualTo("no");
        assertThat(settings(recipe).labels()).containsExactly("True", "no", "007", "1.50", "null");
        assertThat(recipe.job().maxLength()).isEqualTo(128);
        assertThat(recipe.training().dataSeed()).isEqualTo(7);
        assertThat(recipe.training().optim()).hasToString("adamw_torch_fused");
    }

    @Test
    void allMistakesComeAtOnceWithTheirLines() {
        String message = mistakes("""
                # a comment
                model: minilm
                learning_rat: 1e-3
                per_device_train_batch_size: 1.5
                learning_rate: fast

                eval_strategy: sometimes
                save_only_model: true
                evaluation_strategy: epoch
                fp16: maybe
                logging_dir: x
                model: bert-base-uncased
                label_smoothing_factor: 1
                """);

        assertThat(message.lines())
                .containsExactly(
                        "11 mistakes in the configuration:",
                        "  my.yaml:3: There is no key \"learning_rat\". Did you mean \"learning_rate\"?",
                        "  my.yaml:4: per_device_train_batch_size is \"1.5\", but must be a whole number, at least 1, for"
                                + " instance 8.",
                        "  my.yaml:5: learning_rate is \"fast\", but must be a number, at least 0, for instance 5e-5.",
                        "  my.yaml:7: eval_strategy is \"sometimes\", but must be one of no, steps, epoch.",
                        "  my.yaml:8: save_only_model is a Hugging Face argument that this version does not support yet."
                                + " Delete it.",
                        "  my.yaml:9: There is no key \"evaluation_strategy\". Use eval_strategy.",
                        "  my.yaml:10: fp16 is \"maybe\", but must be true or false.",
                        "  my.yaml:11: logging_dir was removed from Hugging Face's TrainingArguments in version 5, and is"
                                + " not known here. Delete it.",
                        "  my.yaml:12: model was already set in line 2. Delete one of the two.",
                        "  my.yaml:13: label_smoothing_factor is 1.0, but must be a number, at least 0 and less than 1,"
                                + " for instance 0.1.",
                        "  train is missing. Add it to the recipe, for instance train: train.csv, or give the flag"
                                + " --train.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    validation: v.csv\\nvalidation_fraction: 0.1 | my.yaml:4: validation and validation_fraction are both set
                    eval_strategy: epoch | my.yaml:3: eval_strategy "epoch" needs validation data
                    eval_on_start: true | my.yaml:3: eval_on_start needs validation data
                    validation: v.csv\\neval_strategy: epoch\\neval_steps: 5 | my.yaml:5: eval_steps is set, but eval_strategy is "epoch"
                    validation: v.csv\\nmax_steps: 10\\neval_steps: 500 | my.yaml:5: eval_steps is 500, but the run ends after max_steps 10
                    max_steps: 0 | my.yaml:3: max_steps is 0
                    warmup_steps: 2.5 | my.yaml:3: warmup_steps is 2.5, but must be a whole number of steps, or a share
                    label_smoothing_factor: 0.1\\nproblem_type: regression | my.yaml:3: label_smoothing_factor works with
                    problem_type: regression\\nlabels: [a, b] | my.yaml:4: labels are names of classes
                    labels: [a, b, a] | my.yaml:3: labels names "a" twice
                    text_column: x\\nlabel_column: x | my.yaml:4: text_column and label_column are both "x"
                    optim: muon | my.yaml:3: optim is "muon", which this version does not support yet
                    task: text-generator | my.yaml:3: task is "text-generator"
                    task: feature-extraction | my.yaml:3: task is "feature-extraction", which is not trained. Use it with attune predict --task feature-extraction.
                    lr_scheduler_type: linaer | Did you mean "linear"?
                    bf16: maybe | my.yaml:3: bf16 is "maybe", but must be true or false.
                    seed: 99999999999999999999 | my.yaml:3: seed is 99999999999999999999, but must be a whole number
                    max_length: 3000000000 | my.yaml:3: max_length is 3000000000, but must be
                    learning_rate: .nan | my.yaml:3: learning_rate is
                    learning_rate: | my.yaml:3: learning_rate has no value
                    model_name_or_path: x | Use model.
                    training:\\n  seed: 1 | my.yaml:3: training has keys of its own
                    seed: [1, 2] | my.yaml:3: seed is a list
                    """)
    void eachMistakeIsNamed(String lines, String expected) {
        assertThat(mistakes(SMALLEST + lines.replace("\\n", "\n") + "\n")).contains(expected);
    }

    @Test
    void aWrongValueDoesNotBringUpContradictions() {
        assertThat(mistakes(SMALLEST + "validation: v.csv\neval_strategy: oops\neval_steps: 5\n"))
                .doesNotContain("mistakes")
                .startsWith("my.yaml:4: eval_strategy is \"oops\"");
    }

    @Test
    void brokenYamlNamesItsLine() {
        assertThatThrownBy(() -> read("model: minilm\ntrain: \"open\nlabels: [a\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("my.yaml:")
                .hasMessageContaining("not YAML");
        assertThatThrownBy(() -> read("- a\n- b\n")).hasMessageContaining("\"key: value\" lines");
        assertThatThrownBy(() -> read(SMALLEST + "---\nmodel: x\n")).hasMessageContaining("second one starts here");
        assertThat(mistakes("")).contains("model is missing").contains("train is missing");
    }

    @Test
    void validationDataAreEvaluatedUnlessTheRecipeSaysNo() {
        assertThat(read(SMALLEST + "validation: v.csv\n").training().evalStrategy())
                .hasToString("epoch");
        assertThat(read(SMALLEST + "validation_fraction: 0.1\n").training().evalStrategy())
                .hasToString("epoch");
        assertThat(read(SMALLEST + "validation_fraction: 0\n").training().evalStrategy())
                .hasToString("no");
        assertThat(read(SMALLEST + "validation: v.csv\neval_strategy: no\n")
                        .training()
                        .evalStrategy())
                .hasToString("no");
        assertThat(read(SMALLEST + "validation: v.csv\neval_steps: 50\n")
                        .training()
                        .evalStrategy())
                .hasToString("steps");
    }

    @Test
    void flagsWinOverTheFile() {
        Recipe recipe = new RecipeReader()
                .text(
                        "my.yaml",
                        SMALLEST + "validation: v.csv\nlearning_rate: oops\neval_steps: 5\n",
                        Path.of("nowhere"))
                .flag("--learning-rate", "3e-5")
                .flag("--validation-fraction", "0.2")
                .flag("--eval-strategy", "epoch")
                .flag("--output", "here")
                .flag("--labels", "a, b")
                .forTraining();

        assertThat(recipe.training().learningRate()).isEqualTo(3e-5);
        assertThat(recipe.job().validation()).isNull();
        assertThat(recipe.job().validationFraction()).isEqualTo(0.2);
        assertThat(recipe.training().evalSteps()).isNull();
        assertThat(recipe.training().outputDir()).isEqualTo(Path.of("here"));
        assertThat(settings(recipe).labels()).containsExactly("a", "b");
    }

    @Test
    void mistakesInFlagsNameTheFlag() {
        RecipeReader reader = new RecipeReader()
                .text("my.yaml", "model: minilm\nseed: x\n", Path.of("nowhere"))
                .flag("--lerning-rate", "1")
                .flag("--num-train-epochs", "0");
        assertThatThrownBy(reader::forTraining)
                .hasMessageContaining("my.yaml:2: seed is \"x\"")
                .hasMessageContaining(
                        "--lerning-rate: There is no flag \"--lerning-rate\". Did you mean \"--learning-rate\"?")
                .hasMessageContaining(
                        "--num-train-epochs: num_train_epochs is 0.0, but must be a number, greater than 0");
    }

    @Test
    void filesBesideTheRecipeAreFound(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/train.csv"), "text,label\n");
        Path yaml = Files.writeString(
                folder.resolve("r.yaml"), "model: minilm\ntrain: data/train.csv\nvalidation: SELECT * FROM x\n");

        Recipe recipe = Recipe.read(yaml);

        assertThat(recipe.job().train().text())
                .isEqualTo(folder.resolve("data/train.csv").toString());
        assertThat(recipe.job().validation().text()).isEqualTo("SELECT * FROM x");
        assertThat(recipe.job().model().text()).isEqualTo("minilm");
    }

    @Test
    void filesOfAPatternBesideTheRecipeAreFound(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/part-1.csv"), "text,label\n");
        Path yaml = Files.writeString(
                folder.resolve("r.yaml"),
                "model: minilm\ntrain: data/part-*.csv\nvalidation: data/more-*.csv\n"
                        + "test: SELECT list[1] FROM 'data/*.csv'\n");

        Recipe recipe = Recipe.read(yaml);

        assertThat(recipe.job().train().text())
                .isEqualTo(folder.resolve("data/part-*.csv").toString());
        assertThat(recipe.job().validation().text())
                .as("nothing beside the recipe: the working directory")
                .isEqualTo("data/more-*.csv");
        assertThat(recipe.job().test().text()).isEqualTo("SELECT list[1] FROM 'data/*.csv'");
    }

    /** A file in the working directory may be called so; whether it is there is seen when it is read. */
    @Test
    void aNameThatIsNoPossiblePatternStaysAsItIs(@TempDir Path folder) throws IOException {
        Path yaml = Files.writeString(folder.resolve("r.yaml"), "model: minilm\ntrain: \"scores[1.csv\"\n");

        assertThat(Recipe.read(yaml).job().train().text()).isEqualTo("scores[1.csv");
    }

    /** A recipe is from others and names the host: it may not choose which secret goes there. */
    @Test
    void aRecipeMayNotChooseAnySecret(@TempDir Path folder) throws IOException {
        Path key = Files.writeString(folder.resolve("id_ed25519"), "secret");
        Path home = Files.createDirectories(folder.resolve("recipes/secrets")).getParent();
        Path beside = Files.writeString(home.resolve("secrets/pw"), "pw");
        Files.createSymbolicLink(home.resolve("link"), key);
        String database = "model: minilm\ntrain:\n  jdbc: jdbc:postgresql://host/x\n  query: SELECT 1\n  ";

        for (String good : List.of("env: SHOP_PASSWORD", "env: pgPassword", "file: secrets/pw", "file: " + beside)) {
            Recipe recipe = new RecipeReader()
                    .text("my.yaml", database + "password_" + good, home)
                    .forTraining();
            assertThat(recipe.job().train().passwordEnv() == null).isEqualTo(good.startsWith("file"));
        }
        for (String bad : List.of("env: AWS_SECRET_ACCESS_KEY", "file: " + key, "file: ../id_ed25519", "file: link")) {
            RecipeReader reader = new RecipeReader().text("my.yaml", database + "password_" + bad, home);
            String name = "password_" + bad.substring(0, bad.indexOf(':'));
            assertThatThrownBy(reader::forTraining)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("my.yaml:5: train." + name)
                    .hasMessageEndingWith("Give the flag --train-" + name.replace('_', '-') + " for it.");
            Recipe flagged = new RecipeReader()
                    .text("my.yaml", database + "password_" + bad, home)
                    .flag("--train-" + name.replace('_', '-'), "anything")
                    .forTraining();
            assertThat(flagged.job().train().jdbc()).isEqualTo("jdbc:postgresql://host/x");
        }
    }

    @Test
    void aRecipeMayNotRunADatabaseInThisProcess() {
        String rest = "\n  query: SELECT 1 AS text";
        for (String url : List.of(
                "jdbc:h2:mem:x", "jdbc:h2:./new", "' jdbc:h2:~/x'", "jdbc:hsqldb:mem:x", "jdbc:derby:memory:x")) {
            String yaml = "model: minilm\ntrain:\n  jdbc: " + url + rest;
            assertThat(mistakes(yaml))
                    .startsWith("my.yaml:3: train.jdbc names a database that ")
                    .endsWith("Give the flag --train-jdbc for it.");
            Recipe flagged = new RecipeReader()
                    .text("my.yaml", yaml, Path.of("nowhere"))
                    .flag("--train-jdbc", "jdbc:h2:./shop")
                    .forTraining();
            assertThat(flagged.job().train().jdbc()).isEqualTo("jdbc:h2:./shop");
        }
        for (String url : List.of(
                "jdbc:h2:tcp://host/x", "jdbc:hsqldb:hsql://host/x", "jdbc:derby://host/x", "jdbc:sqlite:x.db")) {
            assertThat(read("model: minilm\ntrain:\n  jdbc: " + url + rest)
                            .job()
                            .train()
                            .jdbc())
                    .isEqualTo(url);
        }
    }

    @Test
    void missingFileIsOneSentence(@TempDir Path folder) {
        assertThatThrownBy(() -> Recipe.read(folder.resolve("no.yaml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("There is no recipe")
                .hasMessageContaining("no.yaml");
    }

    @Test
    void evaluationNeedsNoTrainingData() {
        assertThat(trained(new RecipeReader().flag("--max-length", "64"))).containsEntry("max_length", 64);
        assertThatThrownBy(() -> trained(new RecipeReader().flag("--max-length", "2")))
                .hasMessageContaining("--max-length: max_length is 2, but must be a whole number, at least 3");
    }

    @Test
    void aTaskThatOnlyPredictsIsNoRecipe() {
        assertThatThrownBy(() -> Recipe.builder()
                        .model("minilm")
                        .train("a.csv")
                        .settings(FeatureExtractionSettings.DEFAULT)
                        .build())
                .isInstanceOf(ConfigException.class)
                .hasMessage("The task feature-extraction is not trained.");
    }

    @Test
    void builderChecksAllAtOnce() {
        assertThatThrownBy(() -> Recipe.builder()
                        .maxLength(1)
                        .training(TrainingArguments.builder().learningRate(1).build())
                        .build())
                .hasMessageContaining("3 mistakes")
                .hasMessageContaining("max_length is 1")
                .hasMessageContaining("model is missing")
                .hasMessageContaining("train is missing");
        assertThatThrownBy(() -> TextClassificationSettings.builder()
                        .labels(List.of("a", "a"))
                        .build())
                .hasMessage("labels names \"a\" twice.");
        Recipe recipe = Recipe.builder().model("minilm").train("a.csv").build();
        assertThat(recipe.toBuilder().build()).isEqualTo(recipe);
    }
}
