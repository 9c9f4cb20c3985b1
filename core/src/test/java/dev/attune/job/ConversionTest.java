package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.checkpoint.BundleFixture;
import dev.attune.checkpoint.Llama2cFixture;
import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.TensorData;
import dev.attune.checkpoint.WeightFiles;
import dev.attune.checkpoint.Weights;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.LanguageModel;
import dev.attune.model.LoadedModel;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.model.SequenceClassifier;
import dev.attune.model.TinyModel;
import dev.attune.model.Tokens;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import dev.attune.text.Llama2cVocabularyFixture;
import dev.attune.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** From what others wrote to a Hugging Face folder. */
class ConversionTest {
    private static final Path STORIES = Path.of("..", "..", "shared", "data", "stories260K-llama");
    private static final Path ONNX = Golden.path("model/onnx");

    @TempDir
    Path temp;

    private Path output;

    @BeforeEach
    void name() {
        output = temp.resolve("converted");
    }

    private Conversion convert(Path source) {
        return Conversion.run(source.toString(), null, output, false);
    }

    private static List<String> names(Conversion done) {
        return done.files().stream().map(file -> file.getFileName().toString()).toList();
    }

    private JsonNode config() {
        return Golden.json(output.resolve("config.json"));
    }

    /** Scores of all tokens of a text, with the model of a folder. */
    private static float[] scores(Path folder, int[] ids) {
        LoadedModel loaded = Models.load(folder, Head.CAUSAL_LM, UnaryOperator.identity());
        try (PretrainedModel model = loaded.model()) {
            assertThat(loaded.report().complete()).isTrue();
            assertThat(loaded.report().ignored()).isEmpty();
            return scores(model, ids, true);
        }
    }

    private static float[] scores(PretrainedModel model, int[] ids, boolean all) {
        try (Scope scope = Scope.open()) {
            return Grad.off(() -> {
                Tokens tokens = Tokens.of(ids, new int[ids.length], new int[] {ids.length});
                long[] rows = all ? LongStream.range(0, ids.length).toArray() : new long[] {ids.length - 1L};
                return ((LanguageModel) model)
                        .forward(tokens, Tensor.ofLongs(rows, rows.length))
                        .toFloats();
            });
        }
    }

    /** Grouped heads, several layers, a table of its own for the last product or not. */
    @ParameterizedTest
    @ValueSource(ints = {300, -300})
    void aCheckpointOfLlama2cGivesTheScoresOfLlama2c(int words) throws IOException {
        Llama2cVocabularyFixture vocabulary = ofSize(300);
        Llama2cFixture checkpoint = new Llama2cFixture(24, 20, 3, 6, 2, words, 16, 5);
        vocabulary.write(temp.resolve("tokenizer.bin"));
        Conversion done = convert(checkpoint.write(temp.resolve("model.bin")));
        assertThat(names(done))
                .containsExactly("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");
        assertThat(done.architecture()).isEqualTo("LlamaForCausalLM");
        assertThat(done.notes()).singleElement().asString().contains("rms_norm_eps 1e-5", "rope_theta 10000");
        assertThat(config().get("num_key_value_heads").intValue()).isEqualTo(2);
        assertThat(config().get("tie_word_embeddings").booleanValue()).isEqualTo(words > 0);
        int[] ids = {1, 17, 299, 17, 260, 3, 8, 250};
        float[][] expected = checkpoint.logits(ids);
        float[] actual = scores(output, ids);
        for (int at = 0; at < ids.length; at++) {
            Golden.assertClose(
                    "scores of token " + at, Arrays.copyOfRange(actual, 300 * at, 300 * (at + 1)), expected[at], 1e-5);
        }
        try (Tokenizer tokenizer = Tokenizer.load(output)) {
            assertThat(tokenizer.encode("a  there", null, 16).ids()).isEqualTo(vocabulary.encode("a  there"));
        }
    }

    private static Llama2cVocabularyFixture ofSize(int size) {
        List<String> words = new ArrayList<>(List.of("th", " th", " a", "er", "  "));
        for (char letter = 'a'; letter <= 'z'; letter++) words.add(String.valueOf(letter));
        words.add(" ");
        while (words.size() + 259 < size) words.add(words.size() + "");
        return new Llama2cVocabularyFixture(words);
    }

    @Test
    void storiesGoOnAsInPython() {
        Assumptions.assumeTrue(Files.isDirectory(STORIES), "no stories in " + STORIES);
        JsonNode golden = Golden.json(Golden.path("job/stories.json"));
        Conversion done = convert(STORIES.resolve("stories260K.bin"));
        assertThat(done.parameters()).isEqualTo(260_032);
        LoadedModel loaded = Models.load(output, Head.CAUSAL_LM, UnaryOperator.identity());
        try (PretrainedModel model = loaded.model();
                Tokenizer tokenizer = Tokenizer.load(output)) {
            for (JsonNode line : golden.get("lines")) {
                String text = line.get("text").stringValue();
                assertThat(tokenizer.encode(text, null, Integer.MAX_VALUE).ids())
                        .as(text)
                        .isEqualTo(Golden.ints(line.get("ids")));
            }
            assertThat(golden.get("lines")).hasSize(200);
            assertThat(golden.get("stories")).hasSize(3);
            for (JsonNode story : golden.get("stories")) {
                int[] prompt = tokenizer
                        .encode(story.get("prompt").stringValue(), null, 512)
                        .ids();
                assertThat(prompt).isEqualTo(Golden.ints(story.get("ids")));
                int[] continuation = Golden.ints(story.get("continuation"));
                int[] written = continued(model, prompt, continuation.length);
                assertThat(Arrays.copyOfRange(written, prompt.length, written.length))
                        .isEqualTo(continuation);
                assertThat(tokenizer.decode(written, true))
                        .isEqualTo(story.get("text").stringValue());
            }
        }
    }

    /** The token with the best score, again and again. */
    private static int[] continued(PretrainedModel model, int[] prompt, int more) {
        int[] ids = prompt;
        for (int i = 0; i < more; i++) {
            float[] scores = scores(model, ids, false);
            int best = 0;
            for (int word = 1; word < scores.length; word++) if (scores[word] > scores[best]) best = word;
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = best;
        }
        return ids;
    }

    @Test
    void anOnnxFileKeepsItsHead() throws IOException {
        Path source = temp.resolve("onnx");
        copy(ONNX, source);
        Files.write(source.resolve("vocab.txt"), List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b"));
        Conversion done = convert(source);
        assertThat(done.architecture()).isEqualTo("BertForSequenceClassification");
        assertThat(done.notes()).singleElement().asString().startsWith("config.json is missing");
        JsonNode golden = Golden.json(ONNX.resolve("golden.json"));
        LoadedModel loaded = Models.sequenceClassifier(output);
        try (PretrainedModel model = loaded.model();
                Scope scope = Scope.open()) {
            loaded.requireTrainedHead();
            for (int row = 0; row < golden.get("ids").size(); row++) {
                int[] ids = Golden.ints(golden.get("ids").get(row));
                Tokens tokens =
                        Tokens.of(ids, Golden.ints(golden.get("type_ids").get(row)), new int[] {ids.length});
                float[] logits = Grad.off(
                        () -> ((SequenceClassifier) model).forward(tokens).toFloats());
                float[] expected = new float[logits.length];
                for (int i = 0; i < logits.length; i++) {
                    expected[i] = golden.get("logits").get(row).get(i).floatValue();
                }
                Golden.assertClose("row " + row, logits, expected, 1e-5);
            }
        }
    }

    @Test
    void aBackboneWithoutAPoolerStaysOne() throws IOException {
        Path source = TinyModel.make(temp.resolve("bert"));
        Conversion pooled = convert(source);
        assertThat(pooled.architecture()).isEqualTo("Bert");
        assertThat(pooled.notes()).isEmpty();
        without(source, "pooler");
        Conversion bare = Conversion.run(source.toString(), null, output, true);
        assertThat(bare.notes()).singleElement().asString().contains("pooler is not in the files");
        try (Weights weights = WeightFiles.open(output)) {
            assertThat(weights.names())
                    .noneMatch(name -> name.startsWith("pooler"))
                    .hasSizeGreaterThan(10);
        }
    }

    /** Writes the weights of a folder again but for those whose name begins so. */
    private static void without(Path folder, String prefix) {
        try (Weights weights = WeightFiles.open(folder)) {
            List<TensorData> kept = weights.names().stream()
                    .filter(name -> !name.startsWith(prefix))
                    .map(name -> new TensorData(weights.info(name), weights.bytes(name)))
                    .toList();
            Safetensors.write(folder.resolve("model.safetensors"), kept, Map.of());
        }
    }

    private Path named(String architecture) throws IOException {
        Path source = TinyModel.make(temp.resolve("named"));
        Path config = source.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config).replaceFirst("\\{", "{\"architectures\": [\"" + architecture + "\"],"));
        return source;
    }

    @Test
    void aHeadThatIsNotThereIsNotInvented() throws IOException {
        Conversion done = convert(named("BertForSequenceClassification"));
        assertThat(done.architecture()).isEqualTo("BertModel");
        assertThat(config().get("architectures").get(0).stringValue()).isEqualTo("BertModel");
        assertThat(done.notes())
                .singleElement()
                .isEqualTo("The head of BertForSequenceClassification is not in the files (classifier.weight,"
                        + " classifier.bias), so the model was converted without it.");
        try (Weights weights = WeightFiles.open(output)) {
            assertThat(weights.names())
                    .contains("pooler.dense.weight")
                    .noneMatch(name -> name.startsWith("classifier"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BertForNextSentencePrediction", "BertLMHeadModel", "BertForMaskdLM"})
    void aHeadThatAttuneDoesNotHaveIsLeftOut(String architecture) throws IOException {
        Conversion done = convert(named(architecture));
        assertThat(done.architecture()).isEqualTo("BertModel");
        assertThat(done.notes())
                .singleElement()
                .asString()
                .startsWith("Attune has no head")
                .contains("without it")
                .endsWith(architecture.equals("BertForMaskdLM") ? " Did you mean \"BertForMaskedLM\"?" : "it.");
    }

    @Test
    void whatHasNoPlaceIsSaid() throws IOException {
        Path source = Files.createDirectory(temp.resolve("decoder"));
        copy(Golden.path("model/decoders/gpt2-question-a"), source);
        Path config = source.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("GPT2ForQuestionAnswering", "GPT2Model"));
        Files.writeString(source.resolve("generation_config.json"), "{\"max_new_tokens\": 7}");
        Conversion done = convert(source);
        assertThat(done.architecture()).isEqualTo("GPT2Model");
        assertThat(done.notes())
                .containsExactly(
                        "In the files, but not in a GPT2Model, so left out: qa_outputs.bias, qa_outputs.weight.",
                        "There is no tokenizer that Attune reads, so none was written.");
        assertThat(names(done)).containsExactly("config.json", "generation_config.json", "model.safetensors");
        assertThat(output.resolve("generation_config.json")).hasContent("{\"max_new_tokens\": 7}");
    }

    @Test
    void anAdapterIsMerged() throws IOException {
        Path base = Files.createDirectory(temp.resolve("base"));
        copy(Golden.path("train/model"), base);
        Path adapter = Files.createDirectory(temp.resolve("adapter"));
        copy(Golden.path("adapt/adapter"), adapter);
        Path config = adapter.resolve("adapter_config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst(
                                "\"base_model_name_or_path\": \"[^\"]*\"",
                                "\"base_model_name_or_path\": \"" + base + "\""));
        List<String> vocabulary = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]"));
        Files.write(base.resolve("vocab.txt"), vocabulary);
        Files.writeString(base.resolve("generation_config.json"), "{\"max_new_tokens\": 7}");
        Files.writeString(adapter.resolve("generation_config.json"), "{\"max_new_tokens\": 9}");
        Conversion done = convert(adapter);
        assertThat(output.resolve("generation_config.json")).hasContent("{\"max_new_tokens\": 9}");
        assertThat(done.architecture()).isEqualTo("BertForSequenceClassification");
        assertThat(names(done)).contains("model.safetensors", "tokenizer.json").doesNotContain("adapter_config.json");
        try (Weights before = WeightFiles.open(base);
                Weights after = WeightFiles.open(output)) {
            assertThat(after.names()).noneMatch(name -> name.contains("lora"));
            String query = "bert.encoder.layer.0.attention.self.query.weight";
            String stored = before.names().contains(query) ? query : query.substring("bert.".length());
            assertThat(Golden.floats(after, query)).isNotEqualTo(Golden.floats(before, stored));
        }
    }

    @Test
    void aTensorFlowBundleThatIsNoBertIsRefused() throws IOException {
        Path source = Files.createDirectory(temp.resolve("tensorflow"));
        new BundleFixture().add("other", 1, new long[] {1}, new byte[4]).write(source, "model");
        assertThatThrownBy(() -> convert(source))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.index");
        assertThat(output).doesNotExist();
    }

    @Test
    void onlyWhatAConversionWroteIsReplaced() throws IOException {
        Path source = TinyModel.make(temp.resolve("bert"));
        convert(source);
        assertThatThrownBy(() -> convert(source))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is not empty (config.json is in it)")
                .hasMessageContaining("--overwrite");
        Files.writeString(output.resolve("special_tokens_map.json"), "{}");
        assertThat(names(Conversion.run(source.toString(), null, output, true)))
                .doesNotContain("special_tokens_map.json");
        Files.writeString(output.resolve("thesis.txt"), "mine");
        assertThatThrownBy(() -> Conversion.run(source.toString(), null, output, true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("thesis.txt, which no conversion writes");
        assertThat(output.resolve("thesis.txt")).hasContent("mine");
        assertThatThrownBy(() -> Conversion.run(source.toString(), null, source.resolve("vocab.txt"), true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is a file");
        assertThatThrownBy(() -> Conversion.run(source.toString(), null, source, true))
                .as("its vocab.txt is no conversion's")
                .isInstanceOf(ConfigException.class);
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left).as("nothing half done").hasSize(2);
        }
    }

    @Test
    void aVocabularyThatIsNotThereOrAnothersIsRefused() throws IOException {
        Path checkpoint = new Llama2cFixture(8, 6, 1, 2, 1, 300, 4, 1).write(temp.resolve("model.bin"));
        assertThatThrownBy(() -> convert(checkpoint))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is no vocabulary, tok*.bin")
                .hasMessageContaining("--tokenizer FILE");
        Path wrong = ofSize(299).write(temp.resolve("tok299.bin"));
        assertThatThrownBy(() -> convert(checkpoint))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("has 299 tokens, but the model in " + checkpoint + " has 300");
        Path right = ofSize(300).write(temp.resolve("tok300.bin"));
        assertThatThrownBy(() -> convert(checkpoint))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("are 2 vocabularies (tok299.bin, tok300.bin)");
        assertThat(Conversion.run(checkpoint.toString(), right, output, false).files())
                .hasSize(4);
        assertThatThrownBy(() -> Conversion.run(
                        TinyModel.make(temp.resolve("bert")).toString(), wrong, temp.resolve("b"), false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Leave it out");
        String gone = temp.resolve("gone.bin").toString();
        assertThatThrownBy(() -> Conversion.run(gone, null, temp.resolve("c"), false))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("There is no file " + gone);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : (Iterable<Path>) files::iterator) Files.copy(file, to.resolve(file.getFileName()));
        }
    }
}
