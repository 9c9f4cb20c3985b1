package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path home;

    @BeforeEach
    void installRecipe() throws IOException {
        Files.createDirectories(home.resolve("recipes"));
        Files.writeString(
                home.resolve("recipes/quickstart.yaml"), "# Sorts messages.\nmodel: minilm\ntrain: no-such-file.csv\n");
        System.setProperty("attune.home", home.toString());
    }

    @AfterEach
    void forgetHome() {
        System.clearProperty("attune.home");
    }

    private int attune(String... args) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    @Test
    void helpListsCommands() {
        assertThat(attune("--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "train",
                        "evaluate",
                        "predict",
                        "check",
                        "search",
                        "lr-range",
                        "convert",
                        "explain",
                        "recipes",
                        "lab",
                        "doctor")
                .contains("attune train quickstart");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void noArgumentsShowHelp() {
        assertThat(attune()).isZero();
        assertThat(out.toString()).contains("Usage: attune");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train",
                "evaluate",
                "predict",
                "check",
                "search",
                "lr-range",
                "convert",
                "explain",
                "recipes",
                "lab",
                "doctor"
            })
    void firstHelpScreenIsShort(String command) {
        assertThat(attune(command, "--help")).isZero();
        assertThat(out.toString()).contains("attune " + command);
        CommandLine sub =
                Main.commandLine(false, List.of(command)).getSubcommands().get(command);
        assertThat(sub.getCommandSpec().options().stream().filter(option -> !option.hidden()))
                .hasSizeLessThanOrEqualTo(12);
    }

    @Test
    void helpAllShowsEveryFlagUnderItsHeading() {
        assertThat(attune("train", "--help-all")).isZero();
        assertThat(out.toString())
                .contains("Optimizer and learning rate")
                .contains("--learning-rate")
                .contains("--train-sampling-strategy")
                .contains("--output")
                .contains("default 5e-5");
    }

    @Test
    void aFlagOfSeveralTasksIsShownForEach() {
        assertThat(attune("predict", "--help-all")).isZero();
        String help = out.toString();
        assertThat(help.substring(help.indexOf("Prediction of text-classification")))
                .contains("--top-k");
        assertThat(help.substring(help.indexOf("Prediction of fill-mask"))).contains("--top-k");
    }

    @Test
    void keysOfAnswersAreExplainedToo() {
        assertThat(attune("explain", "pooling")).isZero();
        assertThat(out.toString()).contains("pooling  (--pooling)", "group    Prediction of feature-extraction");
    }

    @Test
    void unknownCommandSuggests() {
        assertThat(attune("trian")).isEqualTo(2);
        assertThat(err.toString()).contains("trian").contains("train");
    }

    @Test
    void unknownFlagAndWrongValuesAreReportedTogether() {
        assertThat(attune(
                        "train",
                        "quickstart",
                        "--learning-rat",
                        "1e-4",
                        "--seed",
                        "x",
                        "--save-only-model=true",
                        "--bf16"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("3 mistakes")
                .contains("There is no flag \"--learning-rat\". Did you mean \"--learning-rate\"?")
                .contains("--seed: seed is \"x\", but must be a whole number from 0 to 4294967295")
                .contains("save_only_model is a Hugging Face argument that this version does not support yet.")
                .doesNotContain("\tat ");
    }

    @Test
    void theValueOfAnUnknownFlagIsNoRecipe() {
        assertThat(attune("train", "--learning-rat", "1e-4", "quickstart")).isEqualTo(2);
        assertThat(err.toString()).contains("--learning-rate").doesNotContain("no recipe \"1e-4\"");
    }

    @Test
    void underscoresOfHuggingFaceAreAccepted() {
        assertThat(attune("train", "quickstart", "--learning_rate", "fast", "--bf16=maybe"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("--learning-rate: learning_rate is \"fast\"")
                .contains("--bf16: bf16 is \"maybe\", but must be true or false.");
    }

    @Test
    void aSwitchDoesNotSwallowTheRecipe() {
        assertThat(attune("train", "--bf16", "quickstrat")).isEqualTo(2);
        assertThat(err.toString()).contains("no recipe \"quickstrat\". Did you mean \"quickstart\"?");
        assertThat(RecipeFlags.normalise("train", "--bf16", "my.yaml"))
                .containsExactly("train", "--bf16=true", "my.yaml");
        assertThat(RecipeFlags.normalise("train", "--bf16", "--seed", "1"))
                .containsExactly("train", "--bf16=true", "--seed", "1");
        assertThat(RecipeFlags.normalise("--debug", "predict", "--bf16", "maybe"))
                .endsWith("--bf16=true", "maybe");
        assertThat(RecipeFlags.normalise("train", "--bf16", "No", "quickstart"))
                .containsExactly("train", "--bf16=No", "quickstart");
    }

    @Test
    void resumingNeedsNoValue() {
        assertThat(RecipeFlags.normalise("train", "quickstart", "--resume_from_checkpoint"))
                .containsExactly("train", "quickstart", "--resume-from-checkpoint=auto");
        assertThat(RecipeFlags.normalise("train", "--resume-from-checkpoint", "quickstart"))
                .containsExactly("train", "--resume-from-checkpoint=auto", "quickstart");
        assertThat(RecipeFlags.normalise("train", "--resume-from-checkpoint", "must", "--bf16", "quickstart"))
                .containsExactly("train", "--resume-from-checkpoint=must", "--bf16=true", "quickstart");
        assertThat(RecipeFlags.normalise("train", "quickstart", "--resume-from-checkpoint", "runs/a/checkpoint-3"))
                .endsWith("--resume-from-checkpoint=runs/a/checkpoint-3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train quickstart --bf16 maybe", "check --bf16 maybe quickstart", "train --bf16 maybe"})
    void aWrongValueOfASwitchIsNoRecipe(String command) {
        assertThat(attune(command.split(" "))).isEqualTo(2);
        assertThat(err.toString())
                .contains("--bf16: bf16 is \"maybe\", but must be true or false.")
                .doesNotContain("no recipe");
    }

    @Test
    void aTextThatStartsWithAnAtSignIsAText() throws IOException {
        Path file = Files.writeString(home.resolve("arguments"), "--no-such-flag");
        assertThat(attune("predict", "--model", home.resolve("no-model").toString(), "@" + file))
                .isEqualTo(4);
        assertThat(err.toString()).contains("no-model").doesNotContain("no-such-flag");
        assertThat(attune("train", "@" + file)).isEqualTo(2);
        assertThat(err.toString()).contains("There is no file and no recipe \"@" + file + "\"");
    }

    @Test
    void mistakesInARecipeComeWithLines() throws IOException {
        Path yaml = Files.writeString(home.resolve("my.yaml"), "model: minilm\nlerning_rate: 1\nseed: no\n");
        assertThat(attune("train", yaml.toString())).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "attune: 3 mistakes in the configuration:",
                        "  " + yaml + ":2: There is no key \"lerning_rate\". Did you mean \"learning_rate\"?",
                        "  " + yaml
                                + ":3: seed is \"no\", but must be a whole number from 0 to 4294967295, for instance"
                                + " 42.",
                        "  train is missing. Add it to the recipe, for instance train: train.csv, or give the flag"
                                + " --train.");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void missingDataIsADataError() {
        assertThat(attune("check", "quickstart")).isEqualTo(3);
        assertThat(err.toString()).startsWith("attune: ").contains("no-such-file.csv");
    }

    @Test
    void debugShowsTheStackTrace() {
        assertThat(attune("train", "nothing-here", "--debug")).isEqualTo(2);
        assertThat(err.toString()).contains("ConfigException").contains("\tat ");
    }

    @Test
    void explainPrintsOneKeyOrAll() {
        assertThat(attune("explain", "learning_rate")).isZero();
        assertThat(out.toString()).contains("learning_rate  (--learning-rate)").contains("default  5e-5");
        assertThat(attune("explain")).isZero();
        assertThat(out.toString()).contains("warmup_steps ");
        assertThat(attune("explain", "larning_rate")).isEqualTo(2);
        assertThat(err.toString()).contains("Did you mean \"learning_rate\"?");
    }

    @Test
    void explainDrawsTheSchedules() {
        assertThat(attune("explain", "lr-scheduler-type")).isZero();
        assertThat(out.toString())
                .contains("group    Optimizer and learning rate", "50 steps, warmup_steps: 5")
                .containsPattern("\n  constant +█{50}\n")
                .containsPattern("\n  constant_with_warmup +  ▁*.{3,5}█{45}\n")
                .containsPattern("\n  warmup_stable_decay +.* num_decay_steps=15\n")
                .containsPattern("\n  greedy +by the evaluations\n");
    }

    @Test
    void explainPrintsTheSchemaAsJson() {
        assertThat(attune("explain", "--json-schema")).isZero();
        assertThat(JsonMapper.shared()
                        .readTree(out.toString())
                        .at("/properties/bf16/type")
                        .asString())
                .isEqualTo("boolean");
    }

    @Test
    void recipesAreListedWithTheirTitles() {
        assertThat(attune("recipes")).isZero();
        assertThat(out.toString()).contains("quickstart").contains("Sorts messages.");
    }

    @Test
    void recipesAreListedWithWhatTheyExpect() throws IOException {
        Files.writeString(
                home.resolve("recipes/stars.yaml"),
                "# Counts stars.\n#\n# expected: eval_mae 0.5 (seed 42)\nmodel: x\n");
        assertThat(attune("recipes")).isZero();
        assertThat(out.toString()).containsPattern("stars +Counts stars\\.\\R +eval_mae 0\\.5 \\(seed 42\\)\\R");
    }

    @Test
    void aRecipeInAnotherEncodingIsListedToo() throws IOException {
        Files.write(
                home.resolve("recipes/umlaut.yaml"),
                "# Gr\u00f6\u00dfen.\nmodel: minilm\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(attune("recipes")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("Sorts messages.", "umlaut", "Gr\ufffd\ufffden.");
    }

    @Test
    void predictNeedsAModelAndOneSource() {
        assertThat(attune("predict", "a text")).isEqualTo(2);
        assertThat(err.toString()).contains("--model");
        assertThat(attune("predict", "--model", "x", "--input", "a.csv", "a text"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("Give texts or --input, not both.");
    }
}
