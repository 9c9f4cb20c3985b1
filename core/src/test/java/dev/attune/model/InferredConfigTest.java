package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.checkpoint.BundleFixture;
import dev.attune.error.CheckpointException;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Folders without config.json: what is read from the weights, what is said, and what is refused. */
class InferredConfigTest {
    private static final Path ONNX = Golden.path("model/onnx");

    @TempDir
    Path temp;

    @Test
    void anOnnxFileTellsAll() {
        ModelConfig config = ModelConfig.read(ONNX);
        assertThat(config.text("model_type", "")).isEqualTo("bert");
        assertThat(config.integer("vocab_size", 0)).isEqualTo(12);
        assertThat(config.integer("hidden_size", 0)).isEqualTo(8);
        assertThat(config.integer("num_hidden_layers", 0)).isEqualTo(1);
        assertThat(config.integer("num_attention_heads", 0)).isEqualTo(2);
        assertThat(config.integer("intermediate_size", 0)).isEqualTo(12);
        assertThat(config.integer("max_position_embeddings", 0)).isEqualTo(10);
        assertThat(config.integer("type_vocab_size", 0)).isEqualTo(2);
        assertThat(config.text("hidden_act", "")).isEqualTo("gelu_new");
        assertThat(config.number("layer_norm_eps", 0)).isEqualTo(1e-5);
        assertThat(config.labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
        assertThat(config.notes())
                .containsExactly("config.json is missing: the sizes of the model were read from the tensors of"
                        + " model.onnx, 2 heads, hidden_act gelu_new and layer_norm_eps 1e-5 from its graph. Dropout 0.1,"
                        + " initializer_range 0.02 and pad_token_id 0 are BERT's defaults.");
    }

    /** Two heads, gelu_new and 1e-5 are in no default of ours: the numbers agree only if all were read. */
    @Test
    void itsLogitsAreThoseOfTheReferenceAlsoOnceSaved() {
        JsonNode golden = Golden.json(ONNX.resolve("golden.json"));
        Path saved = temp.resolve("saved");
        LoadedModel loaded = Models.sequenceClassifier(ONNX);
        try (PretrainedModel model = loaded.model()) {
            loaded.requireTrainedHead();
            assertThat(loaded.notes()).hasSize(1);
            assertLogits(model, golden);
            model.save(saved);
        }
        LoadedModel again = Models.sequenceClassifier(saved);
        try (PretrainedModel model = again.model()) {
            assertThat(again.notes()).as("config.json is there now").isEmpty();
            assertThat(Golden.json(saved.resolve("config.json"))
                            .path("layer_norm_eps")
                            .doubleValue())
                    .isEqualTo(1e-5);
            assertLogits(model, golden);
        }
    }

    @Test
    void whatAGraphDoesNotTellIsRefused() throws IOException {
        // One letter of each operator is another: the file stays whole, but its activation is no longer known.
        String bytes = Files.readString(ONNX.resolve("model.onnx"), StandardCharsets.ISO_8859_1);
        Files.writeString(temp.resolve("model.onnx"), bytes.replace("Tanh", "Sinh"), StandardCharsets.ISO_8859_1);
        refused(temp, "cannot be made from model.onnx", "its graph does not tell the activation", "config.json into");
        Files.writeString(temp.resolve("model.onnx"), bytes.replace("Sqrt", "Cbrt"), StandardCharsets.ISO_8859_1);
        refused(temp, "its graph does not tell the LayerNorm's epsilon");
        Files.writeString(temp.resolve("model.onnx"), bytes.replace("Reshape", "Rehsape"), StandardCharsets.ISO_8859_1);
        refused(temp, "its graph does not tell the number of attention heads");
    }

    @Test
    void aBundleTellsItsHeadsByTheFoldersName() {
        Path folder = bundle("uncased_L-1_H-8_A-2", 2);
        ModelConfig config = ModelConfig.read(folder);
        assertThat(config.integer("vocab_size", 0)).isEqualTo(12);
        assertThat(config.integer("num_hidden_layers", 0)).isEqualTo(1);
        assertThat(config.integer("num_attention_heads", 0)).isEqualTo(2);
        assertThat(config.integer("intermediate_size", 0)).isEqualTo(16);
        assertThat(config.integer("max_position_embeddings", 0)).isEqualTo(10);
        assertThat(config.text("hidden_act", "")).isEqualTo("gelu");
        assertThat(config.number("layer_norm_eps", 0)).isEqualTo(1e-12);
        assertThat(config.notes().get(0))
                .startsWith("config.json is missing: the sizes of the model were read from the tensors of"
                        + " bert_model.ckpt.index, 2 heads from the name \"uncased_L-1_H-8_A-2\"")
                .contains("tanh approximation");
        LoadedModel loaded = Models.sequenceClassifier(folder, List.of("a", "b"));
        try (PretrainedModel model = loaded.model()) {
            assertThat(loaded.untrained()).contains("classifier.weight", "classifier.bias");
        }
    }

    @Test
    void anUnpackedArtifactTellsThemByTheArtifactsName() throws IOException {
        Path folder = bundle("1.0.0", 2);
        Files.writeString(
                folder.resolve("source.json"), "{\"model\": \"maven:org.example:my-bert-L-1-H-8-A-4:1.0.0\"}");
        assertThat(ModelConfig.read(folder).integer("num_attention_heads", 0)).isEqualTo(4);
        Files.writeString(folder.resolve("source.json"), "[]");
        refused(folder, "the name \"1.0.0\" has no L-12-H-768-A-12 in it");
    }

    @Test
    void aNameThatContradictsTheWeightsIsRefused() {
        refused(
                bundle("L-3-H-8-A-2", 2),
                "the name \"L-3-H-8-A-2\" says 3 layers and hidden size 8, but the weights have 1 and 8");
    }

    @Test
    void whatIsNoBertIsRefused() {
        refused(bundle("L-1-H-8-A-2", 1), "one token type, as RoBERTa has");
        BundleFixture other = tensors(2).add("bert/encoder/relative_attention/bias", 1, new long[] {2}, new byte[8]);
        refused(write(other, "more_L-1_H-8_A-2"), "a tensor bert.encoder.relative_attention.bias, which BERT does not");
        BundleFixture empty =
                new BundleFixture().add("bert/embeddings/word_embeddings", 1, new long[] {1L << 40, 0}, new byte[0]);
        refused(write(empty, "empty_L-1_H-8_A-2"), "of shape [1099511627776, 0] is no matrix of BERT's");
        BundleFixture part =
                new BundleFixture().add("bert/embeddings/word_embeddings", 1, new long[] {3, 8}, new byte[96]);
        refused(
                write(part, "part_L-1_H-8_A-2"),
                "no tensor bert.encoder.layer.0.intermediate.dense.weight, so they are not those of a BERT");
    }

    @Test
    void googlesOwnConfigIsRead() throws IOException {
        Path folder = bundle("bert", 2);
        Files.writeString(
                folder.resolve("bert_config.json"), "{\"hidden_size\": 8, \"num_attention_heads\": 4, \"x\": 1.50}");
        ModelConfig config = ModelConfig.read(folder);
        assertThat(config.integer("num_attention_heads", 0)).isEqualTo(4);
        assertThat(config.text("model_type", "")).isEqualTo("bert");
        assertThat(config.toJson()).contains("\"x\" : 1.50");
        assertThat(config.notes()).containsExactly("config.json is missing: bert_config.json was read in its place.");
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"bert\", \"num_attention_heads\": 1}");
        assertThat(ModelConfig.read(folder).integer("num_attention_heads", 0)).isEqualTo(1);
        assertThat(ModelConfig.read(folder).notes()).isEmpty();
    }

    @Test
    void aVocabularyWithCapitalsIsMentioned() throws IOException {
        Path folder = bundle("L-1-H-8-A-2", 2);
        Files.writeString(folder.resolve("vocab.txt"), "[UNK]\n[CLS]\n[SEP]\nword\n");
        assertThat(ModelConfig.read(folder).notes()).hasSize(1);
        Files.writeString(folder.resolve("vocab.txt"), "[UNK]\n[CLS]\n[SEP]\nword\nZürich\n");
        assertThat(ModelConfig.read(folder).notes())
                .hasSize(2)
                .last()
                .asString()
                .startsWith("vocab.txt has words with capitals, but texts are put into lower case")
                .contains("{\"do_lower_case\": false}");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{}");
        assertThat(ModelConfig.read(folder).notes()).hasSize(1);
    }

    @Test
    void safetensorsTellTooLittle() throws IOException {
        Files.writeString(temp.resolve("model.safetensors"), "");
        assertThatThrownBy(() -> ModelConfig.read(temp))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(temp + " has no config.json. A model folder holds config.json, the weights"
                        + " (model.safetensors) and the tokenizer (tokenizer.json).");
    }

    private static void assertLogits(PretrainedModel model, JsonNode golden) {
        for (int row = 0; row < golden.path("ids").size(); row++) {
            int[] ids = Golden.ints(golden.path("ids").get(row));
            int[] types = Golden.ints(golden.path("type_ids").get(row));
            float[] expected = new float[3];
            for (int i = 0; i < 3; i++)
                expected[i] = golden.path("logits").get(row).get(i).floatValue();
            float[] logits = Grad.off(() -> {
                try (Scope scope = Scope.open()) {
                    return ((SequenceClassifier) model)
                            .forward(Tokens.of(ids, types, new int[] {5}))
                            .toFloats();
                }
            });
            Golden.assertClose("logits of row " + row, logits, expected, 1e-5);
        }
    }

    private static void refused(Path folder, String... parts) {
        assertThatThrownBy(() -> ModelConfig.read(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(folder + " has no config.json")
                .hasMessageContainingAll(parts);
    }

    private Path bundle(String name, int types) {
        return write(tensors(types), name);
    }

    private Path write(BundleFixture bundle, String name) {
        Path folder = temp.resolve(name);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        bundle.write(folder, "bert_model.ckpt");
        return folder;
    }

    /** A BERT of one layer: 12 words, hidden size 8, intermediate size 16, 10 positions. */
    private static BundleFixture tensors(int types) {
        BundleFixture bundle = new BundleFixture();
        matrix(bundle, "embeddings/word_embeddings", 12, 8);
        matrix(bundle, "embeddings/position_embeddings", 10, 8);
        matrix(bundle, "embeddings/token_type_embeddings", types, 8);
        norm(bundle, "embeddings/LayerNorm");
        String layer = "encoder/layer_0/";
        for (String part : List.of("query", "key", "value")) dense(bundle, layer + "attention/self/" + part, 8, 8);
        dense(bundle, layer + "attention/output/dense", 8, 8);
        norm(bundle, layer + "attention/output/LayerNorm");
        dense(bundle, layer + "intermediate/dense", 8, 16);
        dense(bundle, layer + "output/dense", 16, 8);
        norm(bundle, layer + "output/LayerNorm");
        return bundle;
    }

    private static void matrix(BundleFixture bundle, String name, int rows, int columns) {
        bundle.add("bert/" + name, 1, new long[] {rows, columns}, new byte[4 * rows * columns]);
    }

    private static void dense(BundleFixture bundle, String name, int in, int out) {
        matrix(bundle, name + "/kernel", in, out);
        bundle.add("bert/" + name + "/bias", 1, new long[] {out}, new byte[4 * out]);
    }

    private static void norm(BundleFixture bundle, String name) {
        bundle.add("bert/" + name + "/gamma", 1, new long[] {8}, new byte[32]);
        bundle.add("bert/" + name + "/beta", 1, new long[] {8}, new byte[32]);
    }
}
