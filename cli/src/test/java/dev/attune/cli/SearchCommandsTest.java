package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code attune search} and {@code attune lr-range} as a script runs them, on a tiny model. */
class SearchCommandsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path temp;

    private TinyRun run;
    private Path recipe;

    @BeforeEach
    void make() throws IOException {
        run = new TinyRun(temp);
        recipe = recipe("num_train_epochs: 2\n");
    }

    private Path recipe(String more) throws IOException {
        return Files.writeString(
                temp.resolve("my.yaml"),
                "model: " + run.model + "\ntrain: train.csv\n"
                        + "validation: train.csv\noutput_dir: " + run.output + "\n" + more
                        + "search:\n  algorithm: random\n  trials: 3\n  learning_rate: log_uniform(1e-4, 1e-2)\n");
    }

    private record Done(int code, String out, String err) {}

    private static Done attune(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] args = Stream.of(words).map(Object::toString).toArray(String[]::new);
        int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
        return new Done(code, out.toString(), err.toString());
    }

    @Test
    void aSearchEndsWithATableAndARecipeThatTrains() throws IOException {
        Done done = attune("search", recipe, "--search", "per_device_train_batch_size=choice(8, 16)");
        assertThat(done.code).as(done.err).isZero();
        assertThat(done.err).isEmpty();
        assertThat(done.out)
                .startsWith("search 3 trials, random, by eval_loss, less is better\n")
                .contains("learning_rate: log_uniform(1e-4, 0.01)\n")
                .contains("per_device_train_batch_size: choice(8, 16)\n")
                .containsPattern(
                        "\ntrial 2  learning_rate \\S+  per_device_train_batch_size (8|16)  eval_loss 0\\.\\d{4}\n")
                .containsPattern(
                        "\ntrial  eval_loss  +learning_rate  per_device_train_batch_size  +state  steps  +time\n")
                .contains("  attune train " + run.output.resolve("best.yaml") + "\n")
                .doesNotContain("\u001b");
        List<Double> losses = done.out
                .lines()
                .filter(line -> line.matches(" +\\d +0\\..* finished .*"))
                .map(line -> Double.parseDouble(line.trim().split(" +")[1]))
                .toList();
        assertThat(losses).hasSize(3).isSorted();

        Done again = attune("search", recipe, "--search", "per_device_train_batch_size=choice(8, 16)");
        assertThat(again.code).isZero();
        assertThat(again.out)
                .contains("note: going on after 3 trials that had ended.")
                .doesNotContain("\ntrial 2  l");

        Done best = attune("train", run.output.resolve("best.yaml"));
        assertThat(best.code).as(best.err).isZero();
        JsonNode results = JSON.readTree(run.output.resolve("best/all_results.json"));
        assertThat(results.get("eval_loss").doubleValue())
                .isEqualTo(JSON.readTree(run.output.resolve("search.json"))
                        .at("/best/metric")
                        .doubleValue());
    }

    @Test
    void mistakesEndItWithTheirLine() {
        Done done = attune("search", recipe, "--search", "lerning_rate=int(2, 1)", "--search", "trials");
        assertThat(done.code).isEqualTo(2);
        assertThat(done.err)
                .contains(
                        "--search lerning_rate: There is no key \"lerning_rate\" to search. Did you mean \"learning_rate\"?")
                .contains("--search trials has no value. Write --search KEY=SPACE.")
                .doesNotContain("\tat ");
        assertThat(run.output).doesNotExist();
        Done unknown = attune("search", recipe, "--lerning-rate", "1");
        assertThat(unknown.code).isEqualTo(2);
        assertThat(unknown.err).contains("There is no flag \"--lerning-rate\".");
    }

    /** Stopped or killed in its second trial, the same command goes on. */
    @ParameterizedTest
    @CsvSource({"TERM, 75", "KILL, 137"})
    @DisabledOnOs(OS.WINDOWS)
    void aSignalStopsASearchThatGoesOn(String signal, int code) throws IOException, InterruptedException {
        recipe("num_train_epochs: 40\n");
        List<String> words = List.of("search", recipe.toString(), "--save-steps", "5");
        Process process = run.startCommand(words);
        try {
            run.await(process, () -> {
                Path second = run.output.resolve("trial-001");
                if (!Files.isDirectory(second)) return false;
                try (Stream<Path> files = Files.list(second)) {
                    return files.anyMatch(file -> file.getFileName().toString().startsWith("checkpoint-"));
                }
            });
            TinyRun.signal(process, signal);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(run.printed()).isEqualTo(code);
        assertThat(run.printed()
                        .contains("attune: Stopped after 1 of 3 trials. The same command goes on with the search."))
                .isEqualTo(code == 75);
        Done done = attune(words.toArray());
        assertThat(done.code).as(done.err).isZero();
        assertThat(done.out).contains("note: going on after 1 trial that had ended.");
        assertThat(Files.readAllLines(run.output.resolve("trials.jsonl")))
                .hasSize(3)
                .allMatch(line -> line.contains("finished"));
    }

    @Test
    void aRangeTestSuggestsARate() throws IOException {
        Done done = attune("lr-range", recipe, "--min", "1e-5", "--steps", "60");
        assertThat(done.code).as(done.err).isZero();
        assertThat(done.err).isEmpty();
        assertThat(done.out)
                .startsWith("learning rate      loss  smoothed\n       1.0e-5 ")
                .containsPattern("\nSuggestion           learning_rate: \\d\\.\\de-\\d\n")
                .contains("Curve and numbers are in " + run.output.resolve("lr-range.svg") + " and lr-range.json.");
        Done json = attune("lr-range", recipe, "--min", "1e-5", "--steps", "60", "--json");
        JsonNode found = JSON.readTree(json.out);
        assertThat(found).isEqualTo(JSON.readTree(run.output.resolve("lr-range.json")));
        assertThat(found.get("points").size()).isEqualTo(found.get("steps_made").intValue());
    }

    @Test
    void anImpossibleRangeIsAMistake() {
        Done done = attune("lr-range", recipe, "--min", "1", "--max", "0.1");
        assertThat(done.code).isEqualTo(2);
        assertThat(done.err)
                .isEqualTo("attune: The rates go from 1.0 to 0.1, but have to begin above 0 and to end at a"
                        + " higher one. Change --min or --max.\n");
        assertThat(attune("lr-range", recipe, "--steps", "many").code).isEqualTo(2);
    }
}
