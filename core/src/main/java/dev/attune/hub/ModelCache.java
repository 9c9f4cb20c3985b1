package dev.attune.hub;

import dev.attune.error.CheckpointException;
import dev.attune.io.AtomicFiles;
import dev.attune.io.FileLocks;
import dev.attune.io.FileTree;
import dev.attune.io.Sha256;
import dev.attune.io.SmallFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The folder {@code group/artifact/version} of unpacked files. It is made under another name and then moved, so it is
 * either whole or absent; a lock file keeps a second process from doing the same work.
 */
final class ModelCache {
    private static final String SOURCE = "source.json";
    private static final String SIZES = "files_bytes";
    private static final String CONFIG = "config.json";

    /** Each is enough to know the shape of a BERT by: a graph tells it, and so does the name of a bundle. */
    private static final List<String> INFERABLE = List.of(CONFIG, "bert_config.json", "model.onnx", "variables.index");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final MavenCoordinates coordinates;
    private final Path versions;

    ModelCache(Path root, MavenCoordinates coordinates) {
        this.coordinates = coordinates;
        this.versions = root.resolve(coordinates.group()).resolve(coordinates.artifact());
    }

    Path directory() {
        return versions.resolve(coordinates.folder());
    }

    boolean isComplete() {
        return isComplete(directory());
    }

    /** Whether each file has the size that was written: one that was cut short, or emptied, is unpacked again. */
    private static boolean isComplete(Path folder) {
        Path source = folder.resolve(SOURCE);
        try {
            if (!Files.isRegularFile(source)) return false;
            JsonNode sizes = JSON.readTree(SmallFile.bytes(source, 64)).path(SIZES);
            for (Map.Entry<String, JsonNode> file : sizes.properties()) {
                if (Files.size(folder.resolve(file.getKey())) != file.getValue().asLong(-1)) return false;
            }
            return !sizes.isEmpty();
        } catch (IOException | JacksonException e) {
            return false;
        }
    }

    /** Unpacks the jar unless that was done before, and returns the folder. */
    Path unpack(Path jar) {
        try {
            String sha256 = Sha256.of(jar);
            // A snapshot may change under its name, so its content is part of the folder's name.
            Path target = coordinates.isSnapshot()
                    ? versions.resolve(coordinates.folder() + "-" + sha256.substring(0, 12))
                    : directory();
            Files.createDirectories(versions);
            Path lock = versions.resolve("." + target.getFileName() + ".lock");
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = FileLocks.lock(channel, "unpacks the model")) {
                if (held.isValid() && !isComplete(target)) {
                    unpack(jar, sha256, target);
                }
            }
            return target;
        } catch (IOException e) {
            throw new CheckpointException(
                    "Cannot unpack " + jar + " into " + versions + ": " + e
                            + ". Set ATTUNE_HOME to a folder that can be written to and has room.",
                    e);
        }
    }

    private void unpack(Path jar, String sha256, Path target) throws IOException {
        Path unfinished = target.resolveSibling("." + target.getFileName() + ".unfinished");
        FileTree.delete(unfinished); // left by a process that was killed: we hold the lock
        Files.createDirectories(unfinished);
        try {
            TreeMap<String, String> files = new ModelArchive(jar, unfinished).unpack();
            Optional<KnownModel> known = KnownModel.of(coordinates);
            if (known.isPresent()) {
                supply(known.get(), unfinished, CONFIG);
                supply(known.get(), unfinished, "tokenizer_config.json");
            }
            ArtifactTokenizer.complete(unfinished, coordinates.artifact());
            if (INFERABLE.stream().noneMatch(name -> Files.exists(unfinished.resolve(name)))) {
                throw new CheckpointException("The artifact " + coordinates + " (" + jar + ") has weights ("
                        + String.join(", ", files.keySet())
                        + ") but no config.json, so the shape of the model is unknown."
                        + " Unpack it into a folder, add the model's config.json and give the folder.");
            }
            ObjectNode source = JSON.createObjectNode();
            source.put("model", "maven:" + coordinates);
            source.put("jar", jar.getFileName().toString());
            source.put("jar_sha256", sha256);
            files.forEach(source.putObject("files_sha256")::put);
            forceToDisk(unfinished).forEach(source.putObject(SIZES)::put);
            AtomicFiles.writeString(
                    unfinished.resolve(SOURCE),
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(source) + "\n");
            FileTree.delete(target); // not complete, so not to be trusted
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            FileTree.delete(unfinished);
        }
    }

    /** Before the folder gets its name: the name may reach the disk earlier than what is in the files. Returns sizes. */
    private static TreeMap<String, Long> forceToDisk(Path folder) throws IOException {
        TreeMap<String, Long> sizes = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                    sizes.put(file.getFileName().toString(), channel.size());
                }
            }
        }
        return sizes;
    }

    /** A file of ours, if there is one, where the artifact has none. */
    private static void supply(KnownModel known, Path directory, String name) throws IOException {
        Path file = directory.resolve(name);
        if (Files.exists(file)) {
            return;
        }
        try (@Nullable InputStream in = ModelCache.class.getResourceAsStream(known.resources() + "/" + name)) {
            if (in != null) {
                Files.copy(in, file);
            }
        }
    }
}
