package dev.attune.adapt;

import dev.attune.checkpoint.WeightFiles;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.hub.Hub;
import dev.attune.hub.ModelFiles;
import dev.attune.io.AtomicFiles;
import dev.attune.io.Sha256;
import dev.attune.io.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which model an adapter belongs to, in {@code base_model.json} beside it: what it was called, where it was, and the hashes
 * of its weights. PEFT knows the name alone, and does not mind the file.
 */
public final class BaseReference {
    static final String FILE = "base_model.json";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final String model;
    private final Path directory;
    private final String pythonName;
    private final CompletableFuture<Map<String, String>> hashes;

    private BaseReference(
            String model, Path directory, String pythonName, CompletableFuture<Map<String, String>> hashes) {
        this.model = model;
        this.directory = directory;
        this.pythonName = pythonName;
        this.hashes = hashes;
    }

    /** Of a model on disk; hashing it runs beside what comes next. */
    public static BaseReference of(ModelFiles files) {
        Path directory = files.directory().toAbsolutePath().normalize();
        boolean isFolder = isFolder(files.id());
        // The base of a folder is what its run began with, which is another model.
        String python = isFolder || files.baseModel() == null ? directory.toString() : files.baseModel();
        return new BaseReference(
                isFolder ? directory.toString() : files.id(),
                directory,
                python,
                CompletableFuture.supplyAsync(() -> hashes(directory)));
    }

    /** What stands in a folder with an adapter; null if nothing does, as where PEFT wrote it. */
    static @Nullable BaseReference written(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) return null;
        try {
            JsonNode json = JSON.readTree(SmallFile.bytes(file, 8));
            Map<String, String> hashes = new TreeMap<>();
            json.path("weights_sha256")
                    .properties()
                    .forEach(
                            entry -> hashes.put(entry.getKey(), entry.getValue().asString("")));
            return new BaseReference(
                    json.path("model").asString(""),
                    Path.of(json.path("directory").asString("")),
                    json.path("name").asString(""),
                    CompletableFuture.completedFuture(hashes));
        } catch (JacksonException | IOException | InvalidPathException e) {
            throw new CheckpointException(
                    file + " cannot be read (" + e.getMessage() + "): it tells which model the adapter belongs to.", e);
        }
    }

    /** What {@code base_model_name_or_path} is to be. */
    String pythonName() {
        return pythonName;
    }

    void write(Path folder) {
        ObjectNode json = JSON.createObjectNode();
        json.put("model", model);
        json.put("directory", directory.toString());
        json.put("name", pythonName);
        ObjectNode sums = json.putObject("weights_sha256");
        hashes.join().forEach(sums::put);
        AtomicFiles.writeString(
                folder.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }

    /**
     * The folder of the base model: where {@code adapter_config.json} says, which its owner may have changed, else where it
     * was, else by its name.
     *
     * @param folder with the adapter
     * @param named {@code base_model_name_or_path}
     * @throws CheckpointException if it is in none of these places
     */
    static Path find(Path folder, String named, @Nullable BaseReference written) {
        Set<String> places = new LinkedHashSet<>();
        if (!named.isBlank()) places.add(named);
        if (written != null) {
            places.add(written.directory.toString());
            places.add(written.model);
        }
        places.remove("");
        for (String place : places) {
            if (isFolder(place)) return Path.of(place);
        }
        List<String> reasons = new ArrayList<>();
        for (String place : places) {
            try {
                return Hub.resolve(place).directory();
            } catch (ConfigException | CheckpointException e) {
                reasons.add(place);
            }
        }
        throw new CheckpointException(folder + " is an adapter, but its base model is not there: looked for "
                + (reasons.isEmpty()
                        ? "nothing, because " + AdapterConfig.FILE + " names none"
                        : String.join(", ", reasons))
                + ". Put it back, or write where it is into base_model_name_or_path of " + AdapterConfig.FILE + ".");
    }

    private static boolean isFolder(String name) {
        try {
            return !name.isBlank() && Files.isDirectory(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** @throws CheckpointException if the weights in a folder are not those that the adapter was trained beside */
    void require(Path adapter, Path base) {
        Map<String, String> expected = hashes.join();
        if (expected.isEmpty() || expected.equals(hashes(base))) return;
        throw new CheckpointException("The weights in " + base + " are not those that the adapter in " + adapter
                + " was trained beside (sha256 of " + String.join(", ", expected.keySet()) + " in " + FILE
                + "). Write where these are into base_model_name_or_path of " + AdapterConfig.FILE + ".");
    }

    /** Of all files of weights, by name. */
    private static Map<String, String> hashes(Path directory) {
        Map<String, String> hashes = new TreeMap<>();
        try {
            for (Path file : weights(directory)) hashes.put(file.getFileName().toString(), Sha256.of(file));
            return hashes;
        } catch (IOException e) {
            throw new CheckpointException("The weights in " + directory + " cannot be read (" + e + ").", e);
        }
    }

    /** Beside an index, the files that it is an index of. */
    private static List<Path> weights(Path directory) throws IOException {
        Path main = WeightFiles.find(directory);
        String name = main.getFileName().toString();
        if (name.endsWith(".index.json")) return WeightFiles.saved(directory);
        if (!name.endsWith(".index")) return List.of(main);
        String stem = name.substring(0, name.length() - "index".length());
        try (Stream<Path> files = Files.list(main.toAbsolutePath().getParent())) {
            return files.filter(file -> file.getFileName().toString().startsWith(stem))
                    .sorted()
                    .toList();
        }
    }
}
