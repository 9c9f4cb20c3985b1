package dev.attune.job;

import dev.attune.data.Dataset;
import dev.attune.hub.ModelFiles;
import dev.attune.io.Sha256;
import dev.attune.tensor.Native;
import dev.attune.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Everything that decided a run: arguments, hashes of data and model, seeds, versions. The content of run.json. */
final class Provenance {
    private final Map<String, Object> content;
    private final CompletableFuture<Map<String, String>> modelHashes;

    private Provenance(Map<String, Object> content, CompletableFuture<Map<String, String>> modelHashes) {
        this.content = content;
        this.modelHashes = modelHashes;
    }

    static Provenance of(Recipe recipe, ModelFiles files, Prepared data, Tokenizer tokenizer, int maxLength) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("arguments", recipe.toMap());
        content.put("max_length", maxLength);
        Map<String, Object> sets = new LinkedHashMap<>();
        sets.put("train", describe(data.train()));
        Dataset validation = data.validation();
        if (validation != null) sets.put("validation", describe(validation));
        content.put("data", sets);
        content.put("columns", data.columns());
        content.put("problem_type", data.labels().problem().key());
        content.put("labels", data.labels().names());
        content.put("tokenizer", Map.of("vocab_size", tokenizer.vocabularySize()));
        content.put("versions", versions());
        content.put("threads", Native.threads());
        content.put("cpu_capability", Native.cpuCapability());
        content.put("started", java.time.Instant.now().toString());
        // Hashing hundreds of megabytes must not delay the first step: it runs beside it and run.json is completed
        // later.
        return new Provenance(content, CompletableFuture.supplyAsync(() -> hashes(files.directory())));
    }

    private static Map<String, Object> describe(Dataset data) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("source", data.name());
        description.put("rows", data.size());
        description.put("columns", data.columns());
        description.put("sha256", data.sha256());
        return description;
    }

    static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("attune", attuneVersion());
        versions.put("libtorch", Native.version());
        versions.put("java", Runtime.version().toString());
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return versions;
    }

    private static String attuneVersion() {
        try (InputStream in =
                Provenance.class.getResourceAsStream("/META-INF/maven/dev.attune/attune/pom.properties")) {
            if (in == null) return "development";
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "development");
        } catch (IOException e) {
            return "development";
        }
    }

    /** The content so far. */
    Map<String, Object> toMap() {
        return content;
    }

    /** The content with the model's hashes and what was known only at the end. */
    Map<String, Object> complete(Map<String, Double> results) {
        Map<String, Object> all = new LinkedHashMap<>(content);
        all.put("model_files_sha256", modelHashes.join());
        all.put("finished", java.time.Instant.now().toString());
        all.put("results", results);
        return all;
    }

    private static Map<String, String> hashes(Path directory) {
        Map<String, String> hashes = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> sorted = files.filter(Files::isRegularFile).sorted().toList();
            for (Path file : sorted) hashes.put(file.getFileName().toString(), Sha256.of(file));
            return hashes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
