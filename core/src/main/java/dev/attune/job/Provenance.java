package dev.attune.job;

import dev.attune.adapt.TrainableParameters;
import dev.attune.data.Dataset;
import dev.attune.io.Sha256;
import dev.attune.tensor.Native;
import dev.attune.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Everything that decided a run: arguments, hashes of data and model, seeds, versions. The content of run.json. */
final class Provenance {
    static final String MODEL = "model_files_sha256";

    private final Map<String, @Nullable Object> content;
    private final List<String> notes = new ArrayList<>();
    private final CompletableFuture<Map<String, @Nullable String>> modelHashes;

    private Provenance(
            Map<String, @Nullable Object> content, CompletableFuture<Map<String, @Nullable String>> modelHashes) {
        this.content = content;
        this.modelHashes = modelHashes;
    }

    static Provenance of(Recipe recipe, JobModel model, JobData data, Tokenizer tokenizer, int maxLength) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("task", recipe.task().key());
        content.put("base_model", model.baseModel());
        content.put("settings", Recipe.schema(recipe.task()).values(data.task().settings()));
        content.put("max_length", maxLength);
        content.put("arguments", recipe.toMap());
        Map<String, Object> sets = new LinkedHashMap<>();
        sets.put("train", describe(data.train()));
        data.others().forEach((name, rows) -> sets.put(name, describe(rows)));
        content.put("data", sets);
        content.putAll(data.task().record());
        content.put("tokenizer", Map.of("vocab_size", tokenizer.vocabularySize()));
        content.put("versions", versions());
        content.put("threads", Native.threads());
        content.put("kernels", Native.kernels());
        content.put("started", Instant.now().toString());
        // Hashing hundreds of megabytes must not delay the first step: it runs beside it and run.json is completed
        // later.
        return new Provenance(content, CompletableFuture.supplyAsync(() -> hashes(model.directory())));
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
        versions.put("attune", BuildInfo.here().toString());
        versions.put("libtorch", Native.version());
        versions.put("java", Runtime.version().toString());
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return versions;
    }

    /** The content so far with the hashes of the model's files: what a run that goes on has to agree with. */
    Map<String, @Nullable Object> withModelHashes() {
        content.put(MODEL, modelHashes.join());
        return content;
    }

    /** The rates of dropout that are in force, whether the recipe or the model says so. */
    void dropout(Map<String, Double> rates) {
        content.put("dropout", rates);
    }

    /** Says that this run goes on with another one, which began earlier. */
    void resumes(JsonNode before, Path checkpoint) {
        content.put("started", before.path("started").asString(""));
        List<Object> resumed = new ArrayList<>();
        before.path("resumed").forEach(resumed::add);
        resumed.add(
                Map.of("checkpoint", checkpoint.toString(), "at", Instant.now().toString()));
        content.put("resumed", resumed);
    }

    /** Says what is trained, where that is not all. */
    void parameters(TrainableParameters parameters) {
        if (parameters.frozen() > 0) content.put("parameters", parameters.toList());
    }

    /** Keeps a sentence that the user was told. */
    void note(String sentence) {
        notes.add(sentence);
    }

    /** The sentences so far, in their order. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    /** The content so far. */
    Map<String, @Nullable Object> toMap() {
        return content;
    }

    /**
     * The content with the model's hashes and what was known only at the end.
     *
     * @param files names of all files that the run left
     */
    Map<String, @Nullable Object> complete(Map<String, ?> results, List<String> files) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(content);
        all.put(MODEL, modelHashes.join());
        all.put("finished", Instant.now().toString());
        all.put("notes", notes);
        all.put("results", results);
        all.put("files", files);
        return all;
    }

    /** A file that went away or cannot be read has null: the training is done, and must not be lost for a record. */
    private static Map<String, @Nullable String> hashes(Path directory) {
        Map<String, @Nullable String> hashes = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> sorted = files.filter(Files::isRegularFile).sorted().toList();
            for (Path file : sorted) hashes.put(file.getFileName().toString(), hash(file));
        } catch (IOException e) {
            // The folder went away: there is nothing to name.
        }
        return hashes;
    }

    private static @Nullable String hash(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            return null;
        }
    }
}
