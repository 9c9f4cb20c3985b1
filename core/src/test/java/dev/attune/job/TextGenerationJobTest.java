package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.adapt.LoraConfig;
import dev.attune.config.ContradictionException;
import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.Encoded;
import dev.attune.data.Example;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.generate.GenerationArguments;
import dev.attune.generate.GenerationArgumentsBuilder;
import dev.attune.model.Golden;
import dev.attune.task.Finding;
import dev.attune.task.FineTuned;
import dev.attune.task.Part;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import dev.attune.task.textgeneration.TextGeneration;
import dev.attune.task.textgeneration.TextGenerationAnswers;
import dev.attune.task.textgeneration.TextGenerationPipeline;
import dev.attune.task.textgeneration.TextGenerationSettings;
import dev.attune.text.ByteTokenizer;
import dev.attune.text.Tokenizer;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A whole way of text-generation on a tiny GPT-2 that starts untrained: training, evaluation, answers. */
class TextGenerationJobTest extends RunsFixture {
    private Path untrained() throws IOException {
        Path folder = ByteTokenizer.write(temp.resolve("gpt2"), false);
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "gpt2", "vocab_size": %d, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64,
                 "resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0, "initializer_range": 0.1, "bos_token_id": 1,
                 "eos_token_id": 1, "pad_token_id": 0}
                """.formatted(ByteTokenizer.SIZE));
        return folder;
    }

    private Recipe.Builder recipe(String name, String train, TextGenerationSettings settings) throws IOException {
        Path folder = untrained();
        return runs.recipe(
                        name,
                        b -> b.numTrainEpochs(30)
                                .learningRate(1e-2)
                                .evalStrategy(IntervalStrategy.EPOCH)
                                .seed(7))
                .untrainedModel(folder.resolve("config.json"), folder)
                .task("text-generation")
                .train(train)
                .validation(train)
                .settings(settings);
    }

    private static TextGenerationPipeline greedy(Path model, int tokens) {
        return TextGenerationPipeline.load(
                FineTuned.open(model.toString()),
                TextGenerationAnswers.builder()
                        .generation(GenerationArguments.builder()
                                .doSample(false)
                                .maxNewTokens(tokens)
                                .build())
                        .build());
    }

    @Test
    void aModelLearnsToGoOn() throws IOException {
        List<String> lines = new ArrayList<>(List.of("text"));
        for (int i = 0; i < 24; i++) lines.add(i % 2 == 0 ? "one two three four" : "red green blue");
        lines.add("\"\"");
        String train = runs.file("train.csv", lines);
        List<String> notes = new ArrayList<>();
        Recipe recipe = recipe("run", train, TextGenerationSettings.DEFAULT).build();
        assertThat(DataDoctor.check(recipe).lines()).extracting(Finding::text).contains("text from text");
        TrainSummary done = Job.train(recipe, new TrainingListener() {
            @Override
            public void onMessage(String text) {
                notes.add(text);
            }
        });
        Map<String, Double> results = done.allResults();
        assertThat(notes).anyMatch(note -> note.contains("1 of 25 texts are empty and were left out."));
        // The first letter cannot be known, and is not guessed; the second one can.
        assertThat(results.get("eval_perplexity")).isLessThan(1.1).isEqualTo(Math.exp(results.get("eval_loss")));
        assertThat(results.get("eval_accuracy")).isGreaterThan(0.95);
        Path output = runs.output("run");
        JsonNode config = Golden.json(output.resolve("config.json"));
        assertThat(config.get("architectures").get(0).stringValue()).isEqualTo("GPT2LMHeadModel");
        assertThat(output.resolve("README.md")).content().contains("text-generation", "AutoModelForCausalLM");

        assertThat(Job.evaluate(output, train, TrainingListener.SILENT).get("eval_loss"))
                .isEqualTo(results.get("eval_loss"));
        try (TextGenerationPipeline writer = greedy(output, 20)) {
            assertThat(writer.predict("one")).isEqualTo("one two three four");
            List<String> pieces = new ArrayList<>();
            assertThat(writer.answer("red g", pieces::add).text()).isEqualTo("red green blue");
            assertThat(pieces).hasSizeGreaterThan(5);
            assertThat(String.join("", pieces)).isEqualTo("red green blue");
            assertThat(writer.json(writer.answer(List.of("red")).get(0)))
                    .isEqualTo(List.of(Map.of("generated_text", "red green blue")));
            Dataset rows = Datasets.of("rows", List.of(Map.of("prompt", "one"), Map.of("prompt", "red")));
            assertThat(writer.answer(List.of(writer.input(rows, 0), writer.input(rows, 1))))
                    .extracting(answer -> answer.text())
                    .containsExactly("one two three four", "red green blue");
            assertThatThrownBy(() -> writer.predict("x".repeat(64)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("has 64 tokens, but the model takes 64");
            assertThatThrownBy(() -> writer.input("")).isInstanceOf(DataException.class);
        }
    }

    @Test
    void adaptersLearnToGoOn() throws IOException {
        String first = runs.file("first.csv", "text", "abcdef", "ghijkl");
        Job.train(recipe("base", first, TextGenerationSettings.DEFAULT).build(), TrainingListener.SILENT);
        String second = runs.file("second.csv", "text", "fedcba", "lkjihg");
        Recipe recipe = runs.recipe("adapter", b -> b.numTrainEpochs(60).learningRate(3e-2))
                .model(runs.output("base").toString())
                .task("text-generation")
                .train(second)
                .validation(second)
                .lora(LoraConfig.builder().r(16).alpha(32.0).build())
                .build();
        Job.train(recipe, TrainingListener.SILENT);
        Path adapter = runs.output("adapter");
        JsonNode written = Golden.json(adapter.resolve("adapter_config.json"));
        assertThat(written.get("task_type").stringValue()).isEqualTo("CAUSAL_LM");
        assertThat(written.get("target_modules").toString()).isEqualTo("[\"c_attn\"]");
        try (TextGenerationPipeline writer = greedy(adapter, 8)) {
            assertThat(writer.predict("fe")).isEqualTo("fedcba");
        }
        try (TextGenerationPipeline writer = greedy(runs.output("base"), 8)) {
            assertThat(writer.predict("ab")).as("the base is what it was").isEqualTo("abcdef");
        }
    }

    @Test
    void severalTextsAreDrawnForAPrompt() throws IOException {
        String train = runs.file("train.csv", "text", "ab", "ac");
        Recipe recipe = recipe("draws", train, TextGenerationSettings.DEFAULT).build();
        Job.train(recipe, TrainingListener.SILENT);
        TextGenerationAnswers asked = TextGenerationAnswers.builder()
                .generation(GenerationArguments.builder()
                        .numReturnSequences(20)
                        .temperature(1.0)
                        .doSample(true)
                        .maxNewTokens(3)
                        .build())
                .returnFullText(false)
                .build();
        FineTuned model = FineTuned.open(runs.output("draws").toString());
        try (TextGenerationPipeline writer = TextGenerationPipeline.load(model, asked)) {
            List<String> texts = writer.answer(List.of("a")).get(0).texts();
            assertThat(texts).hasSize(20).contains("b", "c");
            assertThat(writer.answer(List.of("a")).get(0).texts())
                    .as("the same seed draws the same")
                    .isEqualTo(texts);
        }
    }

    @Test
    void onlyTheCompletionIsLearned() throws IOException {
        List<String> lines = new ArrayList<>(List.of("prompt,completion"));
        for (String digit : List.of("1", "2", "3", "4")) {
            for (int i = 0; i < 8; i++) lines.add("zqxj" + digit + ", is " + digit);
        }
        lines.add("no completion,\"\"");
        String train = runs.file("pairs.csv", lines);
        List<String> notes = new ArrayList<>();
        Recipe recipe = recipe("pairs", train, TextGenerationSettings.DEFAULT).build();
        TrainSummary done = Job.train(recipe, new TrainingListener() {
            @Override
            public void onMessage(String text) {
                notes.add(text);
            }
        });
        assertThat(notes).anyMatch(note -> note.contains("1 of 33 texts are empty"));
        // Every token of a completion can be known; those of a prompt could not.
        assertThat(done.allResults().get("eval_accuracy")).isEqualTo(1.0);
        try (TextGenerationPipeline writer = greedy(runs.output("pairs"), 10)) {
            assertThat(writer.predict("zqxj3")).isEqualTo("zqxj3 is 3");
        }
    }

    private Encoded encoded(TextGenerationSettings settings, int maxLength, String... texts) throws IOException {
        List<Map<String, String>> rows =
                Arrays.stream(texts).map(text -> Map.of("text", text)).toList();
        Dataset data = Datasets.of("rows", rows);
        TaskInput input = new TaskInput(data, null, TaskOptions.DEFAULT, 42, DataCache.off());
        try (Tokenizer tokenizer = Tokenizer.load(ByteTokenizer.write(temp.resolve("bytes"), false))) {
            return new TextGeneration()
                    .prepare(settings, input)
                    .encode(Part.TRAIN, data, tokenizer, maxLength, DataCache.off());
        }
    }

    private static List<Integer> lengths(Encoded encoded) {
        return Arrays.stream(encoded.examples().lengths()).boxed().toList();
    }

    @Test
    void joinedTextsHaveOneLength() throws IOException {
        TextGenerationSettings joined =
                TextGenerationSettings.builder().groupTexts(true).build();
        // Without a token that ends texts, as the reference joins them; the rest is a shorter example.
        Encoded encoded = encoded(joined, 10, "abcdefgh", "ijklmnop", "qrstuvwx", "yz");
        assertThat(lengths(encoded)).containsExactly(10, 10, 6);
        Example second = encoded.examples().get(1, 0);
        assertThat(second.ids()[0]).isEqualTo(3 + 'k');
        assertThat(second.labels()[0]).as("nothing stands before it").isEqualTo(-100);
        assertThat(Arrays.copyOfRange(second.labels(), 1, 10)).isEqualTo(Arrays.copyOfRange(second.ids(), 1, 10));
    }

    @Test
    void longTextsBecomeSeveralExamples() throws IOException {
        Encoded encoded = encoded(TextGenerationSettings.DEFAULT, 10, "abcdefghijklmnopqrstuvwxyz", "ab");
        assertThat(lengths(encoded)).containsExactly(10, 10, 7, 3);
        assertThat(encoded.examples().get(3, 0).ids()).containsExactly(3 + 'a', 3 + 'b', 1);
        assertThat(encoded.notes())
                .containsExactly("rows: 1 of 2 texts are longer than 10 tokens and became several examples.");
    }

    @Test
    void mistakes() throws IOException {
        assertThatThrownBy(() ->
                        TextGenerationSettings.builder().promptColumn("prompt").build())
                .isInstanceOf(ContradictionException.class)
                .hasMessageContaining("prompt_column and completion_column belong together");
        String train = runs.file("long.csv", "prompt,completion", "abcdefghijkl, m");
        Recipe recipe = recipe("none", train, TextGenerationSettings.DEFAULT)
                .maxLength(8)
                .build();
        assertThatThrownBy(() -> Job.train(recipe, TrainingListener.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("there is nothing to learn");
        wrong(b -> b.temperature(0.0), "temperature is 0.0, but must be a number, greater than 0");
        wrong(b -> b.numBeams(0), "num_beams is 0, but must be a whole number, at least 1");
        wrong(b -> b.topP(2.0), "top_p is 2.0, but must be a number from 0 to 1");
    }

    private static void wrong(Consumer<GenerationArgumentsBuilder> asked, String message) {
        GenerationArgumentsBuilder builder = GenerationArguments.builder();
        asked.accept(builder);
        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessageContaining(message);
    }

    @Test
    void lengthsHaveToLeaveRoomForWhatComesOut() throws IOException {
        String train = runs.file("train.csv", "text", "ab", "ac");
        Job.train(recipe("short", train, TextGenerationSettings.DEFAULT).build(), TrainingListener.SILENT);
        TextGenerationAnswers asked = TextGenerationAnswers.builder()
                .generation(GenerationArguments.builder().maxLength(4).build())
                .build();
        FineTuned model = FineTuned.open(runs.output("short").toString());
        try (TextGenerationPipeline writer = TextGenerationPipeline.load(model, asked)) {
            assertThatThrownBy(() -> writer.predict("abab"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("generation_max_length is 4, but prompt 1 alone has 4 tokens, which count. Raise it, or"
                            + " give max_new_tokens instead.");
            assertThatThrownBy(() -> writer.predict("x".repeat(70)))
                    .isInstanceOfSatisfying(
                            DataException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
                    .hasMessage(
                            "Prompt 1 has 70 tokens, but the model takes 64, and what comes out needs room too. Shorten"
                                    + " the prompt.");
        }
    }

    /** As GPT-2 has none: nothing is padded, so texts of different lengths need none, neither to be learned nor to be written. */
    @Test
    void aModelWithoutAPadTokenLearnsAndWrites() throws IOException {
        String train = runs.file("train.csv", "text", "one two three four", "red", "one two three four", "red");
        Recipe.Builder builder = recipe("unpadded", train, TextGenerationSettings.DEFAULT);
        Path folder = temp.resolve("gpt2");
        for (String name : List.of("config.json", "tokenizer_config.json")) {
            Path file = folder.resolve(name);
            Files.writeString(file, Files.readString(file).replaceFirst(",\\s*\"pad_token(_id)?\"\\s*:\\s*[^,}]*", ""));
            assertThat(file).content().doesNotContain("pad_token");
        }
        Job.train(builder.build(), TrainingListener.SILENT);
        assertThat(runs.output("unpadded").resolve("config.json")).content().doesNotContain("pad_token_id");
        try (TextGenerationPipeline writer = greedy(runs.output("unpadded"), 20)) {
            assertThat(writer.answer(List.of("o", "red", "one tw")))
                    .extracting(answer -> answer.text())
                    .containsExactly("one two three four", "red", "one two three four");
        }
    }
}
