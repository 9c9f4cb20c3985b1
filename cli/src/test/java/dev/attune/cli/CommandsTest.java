package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.hub.Hub;
import dev.attune.tensor.Native;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands as a script runs them, on a tiny model: what they print, where, and how they end. */
class CommandsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path temp;

    private TinyRun run;
    private Path model;
    private Path train;
    private Path output;

    @BeforeEach
    void make() throws IOException {
        run = new TinyRun(temp);
        model = run.model;
        train = run.train;
        output = run.output;
    }

    /** What a command printed. */
    private record Done(int code, String out, String err) {}

    private static Done attune(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] args = List.of(words).stream().map(Object::toString).toArray(String[]::new);
        int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
        return new Done(code, out.toString(), err.toString());
    }

    private Done trained() {
        Done done = attune(
                "train",
                "--task",
                "text-classification",
                "--model",
                model,
                "--train",
                train,
                "--validation",
                train,
                "--output",
                output,
                "--num-train-epochs",
                20,
                "--learning-rate",
                "2e-3",
                "--logging-steps",
                20);
        assertThat(done.code).as(done.err).isZero();
        return done;
    }

    /** A training that is sent a signal after its first checkpoint. */
    private Done signalled(String signal) throws IOException, InterruptedException {
        Process process = run.start("--save-steps", "10");
        try {
            run.awaitCheckpoint(process, 0);
            TinyRun.signal(process, signal);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Done(process.exitValue(), run.printed(), "");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 75", "INT, 130"})
    @DisabledOnOs(OS.WINDOWS)
    void aSignalSavesTheRun(String signal, int code) throws IOException, InterruptedException {
        Done done = signalled(signal);
        assertThat(done.code).as(done.out).isEqualTo(code);
        Matcher stopped = Pattern.compile("attune: Stopped after step (\\d+) of 100000000\\. The same command with"
                        + " --resume-from-checkpoint goes on from step (\\d+)\\.")
                .matcher(done.out);
        assertThat(stopped.find()).as(done.out).isTrue();
        assertThat(stopped.group(2)).isEqualTo(stopped.group(1));
        assertThat(output.resolve("checkpoint-" + stopped.group(1)).resolve("model.safetensors"))
                .isRegularFile();
        assertThat(done.out.contains("finishing the step and saving")).isEqualTo(signal.equals("INT"));
    }

    @Test
    void trainEvaluatePredict() throws IOException {
        Done training = trained();
        assertThat(training.err).isEmpty();
        assertThat(training.out)
                .as("plain lines, since this is no terminal")
                .doesNotContain("\r", "\u001b")
                .containsPattern("epoch +20\\S*/20 .*step +120/120 .*loss \\d.* lr ")
                .contains("precision", "recall", "accuracy", output.toString());
        JsonNode results = JSON.readTree(output.resolve("all_results.json"));
        assertThat(results.get("eval_accuracy").doubleValue()).isEqualTo(1);

        Done evaluation = attune("evaluate", "--model", output, "--data", train, "--json");
        assertThat(evaluation.code).isZero();
        assertThat(evaluation.out.strip().lines()).as("one JSON object").hasSize(1);
        JsonNode metrics = JSON.readTree(evaluation.out);
        for (String key : List.of("eval_loss", "eval_accuracy", "eval_f1_macro", "eval_samples")) {
            assertThat(metrics.get(key).doubleValue())
                    .as(key)
                    .isCloseTo(results.get(key).doubleValue(), within(1e-6));
        }
        assertThat(attune("evaluate", "--model", output, "--data", train).out).contains("eval_accuracy");
        List<String> turned = new ArrayList<>(Files.readAllLines(train));
        turned.removeIf(line -> line.contains("awful")); // the rows of "no" are alike: none is surer than another
        assertThat(turned.set(2, "the film was bad,yes")).isEqualTo("the film was bad,no");
        Path wrong = Files.write(temp.resolve("wrong.csv"), turned);
        Path page = temp.resolve("page.html");
        Done paged = attune("evaluate", "--model", output, "--data", wrong, "--report", page, "--json");
        assertThat(paged.code).isZero();
        assertThat(paged.out.strip().lines()).as("one JSON object").hasSize(1);
        assertThat(page)
                .content()
                .contains("Labels that are likely to be wrong", "<bdi>wrong.csv line 3</bdi>")
                .doesNotContain("<script");

        Done prediction = attune("predict", "--model", output, "the film was great", "the film was awful");
        assertThat(prediction.code).isZero();
        List<JsonNode> answers =
                prediction.out.lines().map(line -> JSON.readTree(line)).toList();
        assertThat(answers).extracting(a -> a.get("label").stringValue()).containsExactly("yes", "no");
        assertThat(answers).allSatisfy(a -> {
            assertThat(a.propertyNames()).containsExactly("label", "score");
            assertThat(a.get("score").doubleValue()).isBetween(0.5, 1.0);
        });
    }

    /** A label that clears the screen, writes a line of its own and turns the direction of what follows. */
    @Test
    void labelsDoNotSteerTheTerminal() throws IOException {
        String yes = "y\u001b[2J\u009b31m\nattune: done\u202e";
        String shown = "y\\x1b[2J\\x9b31m\\nattune: done\\u202e";
        Files.writeString(train, Files.readString(train).replace(",yes", ",\"" + yes + "\""));
        Done check = attune("check", "--model", model, "--train", train);
        assertThat(check.code).as(check.err).isZero();
        assertThat(check.out.lines())
                .contains("  no" + " ".repeat(shown.length() - 2) + "        24   50.0%  " + "#".repeat(30))
                .contains("  " + shown + "        24   50.0%  " + "#".repeat(30));
        Done training = trained();
        Done prediction = attune("predict", "--model", output, "the film was great");
        assertThat(JSON.readTree(prediction.out).get("label").stringValue()).isEqualTo(yes);
        Path other = Files.writeString(
                temp.resolve("other.csv"), "text,label\ngood,\"the \u001b[31mred\u202e\nattune: done\"\nbad,no\n");
        Done unknown = attune("evaluate", "--model", output, "--data", other);
        assertThat(unknown.code).isEqualTo(3);
        assertThat(unknown.err).contains("\"the \\x1b[31mred\\u202e\n  attune: done\"");
        assertThat(attune("evaluate", "--model", output, "--data", other, "--debug").err)
                .contains("DataException", "\tat ", "\\x1b[31mred\\u202e")
                .doesNotContain("\u001b");
        for (String printed :
                new String[] {check.out, check.err, training.out, training.err, prediction.out, unknown.out, unknown.err
                }) {
            assertThat(printed).doesNotContain("\u001b", "\u009b", "\u202e").doesNotContainPattern("(?m)^attune: done");
        }
    }

    @Test
    void predictReadsAFileAndWritesAFile() throws IOException {
        trained();
        Path answers = temp.resolve("answers.jsonl");
        Done done = attune("predict", "--model", output, "--input", train, "--output", answers);
        assertThat(done.out).isEmpty();
        assertThat(done.err).as("the rows have labels").contains("accuracy  ").contains("1.0000");
        List<String> lines = Files.readAllLines(answers);
        assertThat(lines).hasSize(48);
        assertThat(JSON.readTree(lines.get(1)).get("label").stringValue()).isEqualTo("no");

        Path parquet = temp.resolve("answers.PARQUET");
        Done columns = attune("predict", "--model", output, "--input", train, "--output", parquet);
        assertThat(columns.code).as(columns.err).isZero();
        assertThat(Files.readString(parquet, StandardCharsets.ISO_8859_1))
                .startsWith("PAR1")
                .contains("label", "score");

        Path half =
                Files.writeString(temp.resolve("half.csv"), "text,label,topic\nthe film was great,yes,a\nfilm,,b\n");
        Done some = attune("predict", "--model", output, "--input", half);
        assertThat(some.code).as(some.err).isZero();
        assertThat(some.out.lines()).hasSize(2);
        assertThat(some.err)
                .contains("The metrics are of the 1 of 2 rows that have a label in column \"label\".")
                .contains("accuracy  ");

        Path gap = Files.writeString(temp.resolve("gap.csv"), "text\nthe film\n\"\"\n");
        Done empty = attune("predict", "--model", output, "--input", gap, "--output", answers);
        assertThat(empty.code).isEqualTo(3);
        assertThat(empty.err)
                .contains("gap.csv line 3: the text in column \"text\" is empty")
                .doesNotContain("\tat ");
        assertThat(Files.readAllLines(answers)).as("nothing is lost").isEqualTo(lines);
    }

    /** Takes the first bytes, then fails as the system would. */
    private static final class Failing extends OutputStream {
        private final String reason;
        private int room;

        Failing(String reason, int room) {
            this.reason = reason;
            this.room = room;
        }

        @Override
        public void write(int one) throws IOException {
            if (room-- <= 0) throw new IOException(reason);
        }
    }

    @Test
    void answersThatCannotBeWrittenEndTheCommand() {
        trained();
        String[] predict = {"predict", "--model", output.toString(), "--input", train.toString()};
        StringWriter full = new StringWriter();
        int code = Main.run(new Output(new Failing("No space left on device", 60)), new PrintWriter(full), predict);
        assertThat(code).isEqualTo(2);
        assertThat(full.toString())
                .startsWith(
                        "attune: Standard output cannot be written (No space left on device), so its end is missing.")
                .hasLineCount(1);
        StringWriter gone = new StringWriter();
        code = Main.run(new Output(new Failing("Broken pipe", 60)), new PrintWriter(gone), predict);
        assertThat(code).isEqualTo(141);
        assertThat(gone.toString())
                .as("no metrics: it stopped; no complaint either")
                .isEmpty();
        String[] evaluate = {"evaluate", "--model", output.toString(), "--data", train.toString(), "--json"};
        assertThat(Main.run(new Output(new Failing("Broken pipe", 0)), new PrintWriter(gone), evaluate))
                .isEqualTo(141);
    }

    /** A database all the way: rows to train on, rows to evaluate, rows to answer, and a table for the answers. */
    @Test
    void aDatabaseAllTheWay() throws Exception {
        Path file = temp.resolve("shop.duckdb");
        String url = "jdbc:duckdb:" + file;
        try (Connection database = DriverManager.getConnection(url);
                Statement statement = database.createStatement()) {
            statement.execute(
                    "CREATE TABLE review AS SELECT row_number() OVER () AS id, text AS body, label AS kind FROM '"
                            + train + "'");
            statement.execute("CREATE TABLE answer (id BIGINT, label VARCHAR, score DOUBLE)");
        }
        Path recipe = Files.writeString(temp.resolve("shop.yaml"), """
                model: %s
                train:
                  jdbc: %s
                  query: SELECT body AS text, kind AS label FROM review
                output_dir: %s
                num_train_epochs: 20
                learning_rate: 2e-3
                """.formatted(model, url, output));
        Done training = attune("train", recipe);
        assertThat(training.code).as(training.err).isZero();
        assertThat(JSON.readTree(output.resolve("run.json"))
                        .at("/data/train/rows")
                        .intValue())
                .isEqualTo(48);

        String query = "SELECT id, body AS text, kind AS label FROM review ORDER BY id";
        Done evaluation = attune("evaluate", "--model", output, "--jdbc", url, "--query", query, "--json");
        assertThat(evaluation.code).as(evaluation.err).isZero();
        assertThat(JSON.readTree(evaluation.out).at("/eval_accuracy").doubleValue())
                .isEqualTo(1);

        Path other = Files.copy(file, temp.resolve("answers.duckdb"));
        Done prediction = attune(
                "predict",
                "--model",
                output,
                "--jdbc",
                url,
                "--query",
                query,
                "--output-jdbc",
                "jdbc:duckdb:" + other,
                "--output-table",
                "answer",
                "--keep-columns",
                "id");
        assertThat(prediction.code).as(prediction.err).isZero();
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:" + other);
                Statement statement = database.createStatement();
                ResultSet right =
                        statement.executeQuery("SELECT count(*), sum(CASE WHEN answer.label = kind THEN 1 ELSE 0"
                                + " END), min(score) FROM answer JOIN review USING (id)")) {
            assertThat(right.next()).isTrue();
            assertThat(right.getInt(1)).isEqualTo(48);
            assertThat(right.getInt(2)).isEqualTo(48);
            assertThat(right.getDouble(3)).isBetween(0.5, 1.0);
        }

        Done both = attune("evaluate", "--model", output, "--data", train, "--jdbc", url);
        assertThat(both.code).isEqualTo(2);
        assertThat(both.err).contains("Give --data or --jdbc, not both.");
        Done secret = attune("train", recipe, "--train-jdbc", "jdbc:postgresql://host/shop?password=hidden");
        assertThat(secret.code).isEqualTo(2);
        assertThat(secret.err).contains("password").doesNotContain("hidden");
        Done writing = attune("evaluate", "--model", output, "--jdbc", url, "--query", "DELETE FROM review");
        assertThat(writing.code).isEqualTo(3);
        Done unused = attune("predict", "--model", output, "--output-table", "answer", "a text");
        assertThat(unused.code).isEqualTo(2);
        assertThat(unused.err).contains("--output-table takes the answers to rows");
    }

    @Test
    void flagsBelongToTheTaskOfTheRun() {
        trained();
        Done labels = attune("predict", "--model", output, "--top-k", 2, "the film was great");
        assertThat(labels.code).as(labels.err).isZero();
        assertThat(JSON.readTree(labels.out).size()).isEqualTo(2);
        Done help = attune("predict", "--help-all");
        assertThat(help.out).contains("--threshold", "--function-to-apply", "--text-pair", "--output-table", "--bf16");
        Done both = attune("predict", "--model", output, "--top-k", 0, "--threshold", 2, "a");
        assertThat(both.code).isEqualTo(2);
        assertThat(both.err).contains("top_k is 0").contains("threshold is 2.0");
        Done training = attune(
                "evaluate", "--model", output, "--data", train, "--labels", "yes,no", "--problem-type", "regression");
        assertThat(training.code).isEqualTo(2);
        assertThat(training.err)
                .contains(
                        "--labels: labels is for a training; a trained model keeps what it was trained with. Delete it.")
                .contains("--problem-type: problem_type is for a training");
        assertThat(attune("evaluate", "--help-all").out)
                .contains("--label-column", "--per-device-eval-batch-size", "--data-cache")
                .doesNotContain("--labels", "--problem-type", "--top-k");
        assertThat(help.out).contains("--label-column").doesNotContain("--labels", "--per-device-eval-batch-size");
        Done task = attune("evaluate", "--model", output, "--task", "text-clasification", "--data", train);
        assertThat(task.code).isEqualTo(2);
        assertThat(task.err).contains("Did you mean \"text-classification\"?");
    }

    @Test
    void checkKeepsNothing() {
        Done done = attune("check", "--model", model, "--train", train, "--output", output);
        assertThat(done.code).as(done.err).isZero();
        assertThat(done.out)
                .contains("train.csv, 48 rows", "text from text, label from label")
                .containsPattern("yes +24 +50.0%")
                .containsPattern("no +24 +50.0%")
                .contains("  warning: 44 rows repeat the text of an earlier row (91.7%)")
                .contains("    sees    [CLS] the film was good [SEP]\n    learns  yes\n")
                .containsPattern("(?m)^  time    .* for 18 steps of ")
                .containsPattern("(?m)^  memory  .* of the .* of this machine$")
                .containsPattern("(?m)^  disk    ");
        assertThat(output).doesNotExist();
        assertThat(attune("check", "--model", model, "--train", train, "--no-estimate").out)
                .contains("learns  yes")
                .doesNotContain("memory");
    }

    @Test
    void checkAsJsonIsOneObject() throws IOException {
        Done done = attune("check", "--model", model, "--train", train, "--json", "--no-estimate");
        assertThat(done.code).as(done.err).isZero();
        assertThat(done.out.lines()).hasSize(1);
        JsonNode json = JSON.readTree(done.out);
        assertThat(json.at("/task").stringValue()).isEqualTo("text-classification");
        assertThat(json.at("/train/rows").intValue()).isEqualTo(48);
        assertThat(json.at("/train/labels/counts/0/count").intValue()).isEqualTo(24);
        assertThat(json.at("/warnings")).isNotEmpty();

        Path broken = Files.writeString(temp.resolve("broken.csv"), "text,label\ngood,yes\n\"\",no\nbad,no\n");
        Done refused = attune("check", "--model", model, "--train", broken, "--json");
        assertThat(refused.code).isEqualTo(3);
        assertThat(JSON.readTree(refused.out).at("/errors/0/text").stringValue())
                .startsWith("1 rows have no text (first: ");
        assertThat(refused.err)
                .isEqualToIgnoringNewLines(
                        "attune: A training would refuse these data: 1 error is shown above. Correct the"
                                + " rows first.");
        Done shown = attune("check", "--model", model, "--train", broken);
        assertThat(shown.code).isEqualTo(3);
        assertThat(shown.out).contains("  error: 1 rows have no text (first: ");
    }

    @Test
    void doctorNamesWhatAttuneUses() {
        Done done = attune("doctor");
        assertThat(done.code).as(done.err).isZero();
        assertThat(done.out)
                .containsPattern("java +" + Pattern.quote(System.getProperty("java.version")))
                .containsPattern("model cache +" + Pattern.quote(Hub.cache().toString()))
                .containsPattern("libtorch +" + Pattern.quote(Native.version()))
                .containsPattern("threads +" + Native.threads() + " for one operation");
    }

    @Test
    void eachKindOfMistakeHasItsExitCode() throws IOException {
        assertThat(attune("train", "--model", model, "--train", temp.resolve("gone.csv"), "--output", output).code)
                .isEqualTo(3);
        Done other = attune("evaluate", "--model", model, "--data", train);
        assertThat(other.code).as("a model without a head").isEqualTo(4);
        assertThat(other.err).contains("has no trained head");
        Done wild = attune(
                "train",
                "--model",
                model,
                "--train",
                train,
                "--output",
                output,
                "--learning-rate",
                "1e30",
                "--max-grad-norm",
                0);
        assertThat(wild.code).as(wild.err).isEqualTo(5);
        assertThat(wild.err).contains("is not a finite number").doesNotContain("\tat ");
        assertThat(output.resolve("model.safetensors")).doesNotExist();
    }

    /** In processes of their own: the environment says where the cache is. */
    @Test
    void dataCacheFalseKeepsNothing() throws Exception {
        trained();
        List<String> lines = new ArrayList<>(List.of("text,label"));
        for (int i = 0; i < 30; i++) lines.add("the film was good ".repeat(3000) + ",yes");
        Path large = Files.write(temp.resolve("large.csv"), lines);
        Path home = temp.resolve("home");
        for (String command : List.of("evaluate --data", "predict --input")) {
            String[] words = command.split(" ");
            for (boolean cache : new boolean[] {false, true}) {
                Path kept = home.resolve(words[0] + cache);
                ProcessBuilder java = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                words[0],
                                "--model",
                                output.toString(),
                                words[1],
                                large.toString(),
                                "--data-cache=" + cache)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
                java.environment().put("ATTUNE_HOME", kept.toString());
                java.environment().put("ATTUNE_CACHE_LIMIT", "1G");
                assertThat(java.start().waitFor()).as(command).isZero();
                assertThat(Files.exists(kept.resolve("data"))).as(command).isEqualTo(cache);
            }
        }
    }

    @Test
    void aTaskThatOnlyPredicts() throws IOException {
        String task = "feature-extraction";
        Done vector = attune("predict", "--task", task, "--model", model, "the film", "good");
        assertThat(vector.err).isEmpty();
        assertThat(vector.code).isZero();
        assertThat(vector.out.lines()).hasSize(2).allMatch(line -> line.matches("\\[[^\\[\\]]*]"));
        assertThat(vector.out.lines().findFirst().orElseThrow().split(",")).hasSize(16);
        Done tokens = attune(
                "predict", "--task", task, "--model", model, "--pooling", "none", "--normalize", "true", "the film");
        assertThat(tokens.out).startsWith("[[");
        assertThat(tokens.out.split("],\\[")).as("tokens").hasSize(4);
        Path answers = temp.resolve("vectors.jsonl");
        Done rows = attune("predict", "--task", task, "--model", model, "--input", train, "--output", answers);
        assertThat(rows.err).doesNotContain("accuracy");
        assertThat(Files.readAllLines(answers)).hasSize(48);

        trained();
        Done tuned = attune("predict", "--task", task, "--model", output, "--input", train, "--pooling", "cls");
        assertThat(tuned.code).as(tuned.err).isZero();
        assertThat(tuned.out.lines()).as("vectors of a fine-tuned model").hasSize(48);

        for (String command : List.of("train", "check")) {
            Done done = attune(command, "--task", task, "--model", model, "--train", train, "--output", output);
            assertThat(done.code).as(command).isEqualTo(2);
            assertThat(done.err)
                    .contains("task is \"feature-extraction\", which is not trained. Use it with attune predict --task"
                            + " feature-extraction.")
                    .doesNotContain("\tat ");
        }
        Done evaluated = attune("evaluate", "--task", task, "--model", model, "--data", train);
        assertThat(evaluated.code).isEqualTo(2);
        assertThat(evaluated.err)
                .contains("The task feature-extraction has no right answers to compare with. Use attune predict.");
    }

    /** In a process of its own: a library is loaded once, for the platform that was asked for first. */
    @Test
    void aPlatformWithoutNativesIsNamed() throws Exception {
        Path err = temp.resolve("err.txt");
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.bytedeco.javacpp.platform=linux-riscv64",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "train",
                        "--model",
                        model.toString(),
                        "--train",
                        train.toString(),
                        "--output",
                        output.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
        assertThat(java.waitFor()).isEqualTo(2);
        assertThat(Files.readString(err, StandardCharsets.UTF_8))
                .contains("attune: libtorch has no natives for this platform (linux-riscv64)")
                .contains("dev.attune:attune-natives-cpu", "linux-x86_64, macosx-arm64, macosx-x86_64, windows-x86_64")
                .doesNotContain("\tat ");
        assertThat(output.resolve("run.json")).doesNotExist();
    }
}
