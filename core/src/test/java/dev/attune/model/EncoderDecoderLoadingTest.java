package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.TensorData;
import dev.attune.checkpoint.TensorInfo;
import dev.attune.checkpoint.Weights;
import dev.attune.error.CheckpointException;
import dev.attune.nn.CrossLayout;
import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Names under which tables are stored once, twice or not at all, and what a config says of them. */
class EncoderDecoderLoadingTest {
    private static final Path G2P = Path.of("..", "..", "shared", "data", "bart-g2p-en");

    @TempDir
    Path temp;

    /** A folder with the weights of a golden one, changed. */
    private Path rewritten(String name, Consumer<Map<String, TensorData>> change) throws Exception {
        Path source = folder(name);
        Path target = Files.createTempDirectory(temp, name);
        Files.copy(source.resolve("config.json"), target.resolve("config.json"));
        try (Weights weights = Safetensors.open(source.resolve("model.safetensors"))) {
            Map<String, TensorData> tensors = new LinkedHashMap<>();
            for (String tensor : weights.names()) {
                tensors.put(tensor, new TensorData(weights.info(tensor), weights.bytes(tensor)));
            }
            change.accept(tensors);
            List<TensorData> renamed = tensors.entrySet().stream()
                    .map(each -> named(each.getKey(), each.getValue()))
                    .toList();
            Safetensors.write(target.resolve("model.safetensors"), renamed, Map.of());
        }
        return target;
    }

    private static TensorData named(String name, TensorData data) {
        return new TensorData(
                new TensorInfo(name, data.info().dtype(), data.info().shape()), data.bytes());
    }

    private static TensorData zeros(TensorData like) {
        ByteBuffer bytes = ByteBuffer.allocate(like.bytes().remaining()).order(ByteOrder.LITTLE_ENDIAN);
        return new TensorData(like.info(), bytes);
    }

    /** The model of the folder is the golden one's, and nothing is told of it. */
    private static LoadedModel agrees(Path folder, String golden) {
        LoadedModel loaded = Models.load(folder, Head.SEQUENCE_TO_SEQUENCE, UnaryOperator.identity());
        try (PretrainedModel model = loaded.model()) {
            assertThat(loaded.report().complete()).isTrue();
            requireLogits(model, golden);
        }
        return loaded;
    }

    private static void requireLogits(PretrainedModel model, String golden) {
        try (Weights expected = Safetensors.open(folder(golden).resolve("expected.safetensors"));
                Scope scope = Scope.open()) {
            HeadGolden.Inputs inputs = HeadGolden.Inputs.read(folder(golden));
            Tensor logits = Grad.off(() -> HeadGolden.writtenLogits((EncoderDecoder) model, inputs, folder(golden)));
            Golden.assertClose("logits", logits, expected, "logits", 1e-5);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "t5-write-a, shared.weight, encoder.embed_tokens.weight",
        "t5-write-a, shared.weight, decoder.embed_tokens.weight",
        "t5-write-a, shared.weight, lm_head.weight",
        "bart-write-a, model.shared.weight, model.decoder.embed_tokens.weight",
        "bart-write-a, model.shared.weight, encoder.embed_tokens.weight",
        "bart-write-a, model.shared.weight, lm_head.weight"
    })
    void aTableMayBeStoredUnderAnyOfItsNames(String golden, String own, String other) throws Exception {
        Path folder = rewritten(golden, tensors -> tensors.put(other, tensors.remove(own)));
        assertThat(agrees(folder, golden).notes()).isEmpty();
    }

    @Test
    void copiesOfATableAreNothingToTellButOthersAre() throws Exception {
        Path copies = rewritten("bart-write-a", tensors -> {
            tensors.put("lm_head.weight", tensors.get("model.shared.weight"));
            tensors.put("model.encoder.embed_tokens.weight", tensors.get("model.shared.weight"));
        });
        LoadedModel same = agrees(copies, "bart-write-a");
        assertThat(same.notes()).isEmpty();
        assertThat(same.report().ignored()).isEmpty();
        Path others = rewritten("bart-write-a", tensors -> {
            tensors.put("lm_head.weight", zeros(tensors.get("model.shared.weight")));
            tensors.put("model.encoder.embed_tokens.weight", tensors.get("model.shared.weight"));
        });
        assertThat(agrees(others, "bart-write-a").notes())
                .containsExactly("In the checkpoint, but not in this model, so left out: lm_head.weight.");
        Path encoders = rewritten(
                "t5-write-a",
                tensors -> tensors.put("encoder.embed_tokens.weight", zeros(tensors.get("shared.weight"))));
        assertThat(agrees(encoders, "t5-write-a").notes())
                .containsExactly("In the checkpoint, but not in this model, so left out: encoder.embed_tokens.weight.");
    }

    /** Whatever the config says, files with two tables are a model with two, and files with one a model with one. */
    @ParameterizedTest
    @CsvSource({"t5-write-a, 0, true", "t5-write-b, 1, false", "t5-write-c, 0, false", "mt5-write-a, 1, false"})
    void theFilesTellWhetherT5HasTwoTables(String golden, int ownTables, boolean scaled) throws Exception {
        for (String tie : List.of("as it is", "true", "false")) {
            Path folder = rewritten(golden, tensors -> {});
            ModelConfig config = ModelConfig.read(folder);
            if (!tie.equals("as it is")) {
                boolean tied = Boolean.parseBoolean(tie);
                // Versions before 5 had one key for both.
                if (tied != scaled && !golden.startsWith("mt5")) continue;
                config = config.without("scale_decoder_outputs").with("tie_word_embeddings", tied);
            }
            Files.writeString(folder.resolve("config.json"), config.toJson());
            LoadedModel loaded = agrees(folder, golden);
            assertThat(loaded.notes()).isEmpty();
            assertThat(loaded.model().headParameters()).as(tie).hasSize(ownTables);
        }
    }

    /** A copy of the words' table is that table. */
    @Test
    void aCopyOfTheTableIsNoTableOfItsOwn() throws Exception {
        Path folder = rewritten("t5-write-a", tensors -> tensors.put("lm_head.weight", tensors.get("shared.weight")));
        assertThat(agrees(folder, "t5-write-a").model().parameters()).doesNotContainKey("lm_head.weight");
        Path own =
                rewritten("t5-write-a", tensors -> tensors.put("lm_head.weight", zeros(tensors.get("shared.weight"))));
        LoadedModel loaded = Models.load(own, Head.SEQUENCE_TO_SEQUENCE, UnaryOperator.identity());
        try (PretrainedModel model = loaded.model()) {
            assertThat(loaded.notes()).isEmpty();
            assertThat(model.parameters()).containsKey("lm_head.weight");
            model.save(temp.resolve("saved"));
        }
        try (Weights saved = Safetensors.open(temp.resolve("saved/model.safetensors"))) {
            assertThat(saved.names()).contains("lm_head.weight", "shared.weight");
        }
    }

    @Test
    void aConfigDecidesForAModelThatStartsUntrained() {
        ModelConfig config = ModelConfig.read(folder("t5-write-a"));
        Rng.seed(20261130);
        assertThat(tables(config)).isZero();
        assertThat(tables(config.with("tie_word_embeddings", false))).isEqualTo(1);
        ModelConfig old = config.without("scale_decoder_outputs");
        assertThat(tables(old)).isZero();
        assertThat(tables(old.with("tie_word_embeddings", false))).isEqualTo(1);
        assertThat(tables(config.with("scale_decoder_outputs", false))).isEqualTo(1);
    }

    private static int tables(ModelConfig config) {
        try (PretrainedModel model =
                Models.untrained(config, Head.SEQUENCE_TO_SEQUENCE).model()) {
            return model.headParameters().size();
        }
    }

    /** It is no parameter: nobody trains it, but it is read and written. A file without one means zeros. */
    @Test
    void theBiasOfTheLogitsIsABuffer() throws Exception {
        LoadedModel whole = Models.load(folder("bart-write-b"), Head.SEQUENCE_TO_SEQUENCE, UnaryOperator.identity());
        float[] biased;
        try (PretrainedModel model = whole.model()) {
            assertThat(model.parameters()).doesNotContainKey("final_logits_bias");
            assertThat(model.buffers()).containsOnlyKeys("final_logits_bias");
            assertThat(model.buffers().get("final_logits_bias").value().requiresGrad())
                    .isFalse();
            biased = scores(model);
        }
        Path folder = rewritten("bart-write-b", tensors -> tensors.remove("final_logits_bias"));
        LoadedModel loaded = Models.load(folder, Head.SEQUENCE_TO_SEQUENCE, UnaryOperator.identity());
        try (PretrainedModel model = loaded.model();
                Weights given = Safetensors.open(folder("bart-write-b").resolve("model.safetensors"))) {
            loaded.requireTrainedHead();
            assertThat(loaded.notes()).isEmpty();
            float[] bias = Golden.floats(given, "final_logits_bias");
            float[] plain = scores(model);
            for (int i = 0; i < plain.length; i++) plain[i] += bias[i % bias.length];
            Golden.assertClose("with the bias", biased, plain, 1e-5);
            assertThat(bias).doesNotContain(0f);
        }
    }

    private static float[] scores(PretrainedModel model) {
        try (Scope scope = Scope.open()) {
            HeadGolden.Inputs inputs = HeadGolden.Inputs.read(folder("bart-write-b"));
            return HeadGolden.writtenLogits((EncoderDecoder) model, inputs, folder("bart-write-b"))
                    .toFloats();
        }
    }

    /** What is pretrained to write serves all heads, whatever stands before its names; only the head is new. */
    @ParameterizedTest
    @CsvSource({
        "t5-write-b, SEQUENCE_CLASSIFICATION, 4",
        "t5-write-b, TOKEN_CLASSIFICATION, 2",
        "t5-write-b, QUESTION_ANSWERING, 2",
        "t5-write-b, HIDDEN_STATES, 0",
        "t5-sequence-b, SEQUENCE_TO_SEQUENCE, 0",
        "t5-sequence-b, QUESTION_ANSWERING, 2",
        "t5-question-b, TOKEN_CLASSIFICATION, 2",
        "bart-write-a, SEQUENCE_CLASSIFICATION, 4",
        "bart-write-a, QUESTION_ANSWERING, 2",
        "bart-write-a, BACKBONE, 0",
        "bart-features-b, SEQUENCE_TO_SEQUENCE, 0",
        "bart-sequence-a, SEQUENCE_TO_SEQUENCE, 0",
        "mbart-features-a, QUESTION_ANSWERING, 2"
    })
    void aBodyServesAllHeads(String golden, Head head, int fresh) {
        LoadedModel loaded = Models.load(folder(golden), head, ModelConfig::withDefaultLabels);
        try (PretrainedModel model = loaded.model()) {
            assertThat(loaded.untrained()).hasSize(fresh).containsExactlyElementsOf(model.headParameters());
            assertThat(loaded.notes()).isEmpty();
        }
    }

    @Test
    void aClassifierNeedsTheEndOfAText() {
        for (String golden : List.of("t5-sequence-a", "bart-sequence-a")) {
            try (PretrainedModel model = Models.load(
                                    folder(golden), Head.SEQUENCE_CLASSIFICATION, UnaryOperator.identity())
                            .model();
                    Scope scope = Scope.open()) {
                int end = model.config().integer("eos_token_id", -1);
                Tokens tokens = Tokens.of(new int[] {9, end, 8, 9}, new int[4], new int[] {2, 2});
                assertThatThrownBy(() -> ((SequenceClassifier) model).forward(tokens))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("eos_token_id is " + end)
                        .hasMessageContaining("there is a text that has none");
            }
        }
    }

    @Test
    void configsThatMakeNoModelAreRefused() {
        ModelConfig bart = ModelConfig.read(folder("bart-write-a"));
        refused(bart.with("tie_word_embeddings", false), "tie_word_embeddings is false");
        refused(bart.with("decoder_attention_heads", 5), "d_model 18 is not a multiple of decoder_attention_heads 5");
        refused(bart.with("activation_function", "gelo"), "names the activation \"gelo\"", "gelu");
        ModelConfig t5 = ModelConfig.read(folder("t5-write-a"));
        refused(t5.with("feed_forward_proj", "gated-gelo"), "names the activation \"gelo\"");
        refused(t5.with("d_kv", 0), "\"d_kv\" must be at least 1");
        assertThatThrownBy(() -> Models.untrained(t5, Head.CAUSAL_LM))
                .hasMessageContaining(
                        "models of the type t5 have no head for causal lm here. They have heads for sequence"
                                + " classification, token classification, question answering, sequence to sequence.");
    }

    private static void refused(ModelConfig config, String... parts) {
        long before = Scope.liveHandles();
        assertThatThrownBy(() -> Models.untrained(config, Head.SEQUENCE_TO_SEQUENCE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(parts);
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }

    /** Each word is one that FLAN, T5 1.1 or a test of the reference has. */
    @ParameterizedTest
    @ValueSource(
            strings = {"relu", "gelu", "gelu_new", "silu", "gated-gelu", "gated-silu", "gated-relu", "gated-gelu_new"})
    void theFeedForwardsOfT5(String projection) {
        ModelConfig config = ModelConfig.read(folder("t5-write-a")).with("feed_forward_proj", projection);
        T5Config c = T5Config.of(config);
        assertThat(c.gated()).isEqualTo(projection.startsWith("gated-"));
        try (Scope scope = Scope.open()) {
            float[] found =
                    c.activation().apply(Tensor.ofFloats(new float[] {-1}, 1)).toFloats();
            float expected = projection.endsWith("relu")
                    ? 0
                    : projection.endsWith("silu")
                            ? -0.26894142f
                            : projection.equals("gelu") ? -0.158655254f : -0.158808009f;
            Golden.assertClose(projection, found, new float[] {expected}, 1e-6);
        }
    }

    /** As transformers' {@code shift_tokens_right} of each family. */
    @Test
    void whatTheDecoderReadsToLearn() {
        int[] text = {5, 6, 2, 9};
        assertThat(shifted("bart-write-a", text)).containsExactly(start("bart-write-a"), 5, 6, 2);
        assertThat(shifted("t5-write-a", text)).containsExactly(start("t5-write-a"), 5, 6, 2);
        assertThat(shifted("mbart-write-a", text)).as("its language").containsExactly(9, 5, 6, 2);
    }

    private static int[] shifted(String name, int[] text) {
        try (PretrainedModel model = Models.load(folder(name), Head.SEQUENCE_TO_SEQUENCE, UnaryOperator.identity())
                .model()) {
            return ((EncoderDecoder) model).shifted(text);
        }
    }

    private static int start(String name) {
        return ModelConfig.read(folder(name)).integer("decoder_start_token_id", -1);
    }

    /** A trained BART, in whose file is all that the model has, and nothing else. */
    @Test
    void aRealCheckpointSpells() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(G2P), "no BART in " + G2P);
        Files.copy(G2P.resolve("us_bart_config.json"), temp.resolve("config.json"));
        Files.copy(G2P.resolve("us_bart.safetensors"), temp.resolve("model.safetensors"));
        LoadedModel loaded = Models.load(temp, Head.SEQUENCE_TO_SEQUENCE, UnaryOperator.identity());
        try (PretrainedModel model = loaded.model()) {
            assertThat(loaded.report().complete()).isTrue();
            assertThat(loaded.report().ignored()).isEmpty();
            assertThat(loaded.report().loaded()).hasSize(50);
            JsonNode golden = Golden.json(folder("g2p.json"));
            assertThat(golden.size()).isEqualTo(7);
            for (JsonNode word : golden) spells((EncoderDecoder) model, word);
        }
    }

    private static void spells(EncoderDecoder model, JsonNode word) {
        int[] ids = Golden.ints(word.get("ids"));
        int[] written = Golden.ints(word.get("written"));
        int[] given = Arrays.copyOf(written, written.length - 1);
        assertThat(given).isEqualTo(model.shifted(Arrays.copyOfRange(written, 1, written.length)));
        float[] highest = new float[given.length];
        for (int i = 0; i < highest.length; i++)
            highest[i] = word.get("highest").get(i).floatValue();
        try (Scope scope = Scope.open()) {
            Tokens read = Tokens.of(ids, new int[ids.length], new int[] {ids.length});
            Tokens decoder = Tokens.of(given, new int[given.length], new int[] {given.length});
            int[] rows = IntStream.range(0, given.length).toArray();
            Tensor logits = Grad.off(() -> model.forward(
                    decoder, model.encode(read), CrossLayout.of(decoder.layout(), read.layout()), Tensor.ofInts(rows)));
            int words = (int) logits.size(1);
            float[] all = logits.to(DType.FLOAT32).toFloats();
            float[] found = new float[given.length];
            for (int i = 0; i < found.length; i++) {
                int best = 0;
                for (int w = 0; w < words; w++) if (all[i * words + w] > all[i * words + best]) best = w;
                assertThat(best).as("%s, %d", word.get("word"), i).isEqualTo(written[i + 1]);
                found[i] = all[i * words + best];
            }
            Golden.assertClose(word.get("word").stringValue(), found, highest, 1e-5);
        }
    }

    private static Path folder(String name) {
        return Golden.path("model/seq2seq/" + name);
    }
}
