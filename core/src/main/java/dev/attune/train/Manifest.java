package dev.attune.train;

import dev.attune.error.CheckpointException;
import dev.attune.io.Checksum;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a checkpoint has to hold: {@code manifest.json}, written last. A folder without it, or with another content, is no
 * checkpoint.
 *
 * @param step optimizer steps done, as in the name of the folder: it orders checkpoints, whatever their time stamps are
 * @param files size and checksum of every other file, by name
 */
record Manifest(int step, SortedMap<String, Content> files) {
    static final String NAME = "manifest.json";

    /** The layout of a checkpoint. One that this version does not know is not read. */
    private static final int FORMAT = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Of a file. */
    record Content(long bytes, String crc32c) {}

    /** What is in a folder now. Large files are read at the same time. */
    static Manifest of(Path folder, int step) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.filter(file -> !file.endsWith(NAME)).toList();
        }
        SortedMap<String, Content> contents = new ConcurrentSkipListMap<>();
        try {
            files.parallelStream()
                    .forEach(file -> contents.put(file.getFileName().toString(), content(file)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new Manifest(step, contents);
    }

    private static Content content(Path file) {
        try {
            return new Content(Files.size(file), Checksum.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws CheckpointException if there is none, or none that this version understands */
    static Manifest read(Path folder) {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) throw new CheckpointException("it has no " + NAME + ", so it was not finished");
        try {
            JsonNode root = JSON.readTree(file);
            if (root.path("format").asInt(0) != FORMAT) {
                throw new CheckpointException(
                        NAME + " has the format " + root.path("format") + ", but this version knows " + FORMAT);
            }
            if (!root.path("step").isInt() || !root.path("files").isObject()) {
                throw new CheckpointException(NAME + " has no step or no files");
            }
            SortedMap<String, Content> files = new TreeMap<>();
            for (Map.Entry<String, JsonNode> listed : root.path("files").properties()) {
                JsonNode content = listed.getValue();
                files.put(
                        listed.getKey(),
                        new Content(
                                content.path("bytes").asLong(-1),
                                content.path("crc32c").asString("")));
            }
            return new Manifest(root.path("step").asInt(), files);
        } catch (JacksonException e) {
            throw new CheckpointException(NAME + " is not valid JSON (" + e.getOriginalMessage() + ")", e);
        }
    }

    /** Of all files that it lists. */
    long bytes() {
        return files.values().stream().mapToLong(Content::bytes).sum();
    }

    String toJson() {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT);
        root.put("step", step);
        ObjectNode listed = root.putObject("files");
        files.forEach((name, content) ->
                listed.putObject(name).put("bytes", content.bytes).put("crc32c", content.crc32c));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    /**
     * Compares names and sizes.
     *
     * @throws CheckpointException if a file is missing or has another size
     */
    void checkSizes(Path folder) {
        files.forEach((name, content) -> {
            // A name is only a name: it never leads out of the folder.
            if (!Path.of(name).equals(Path.of(name).getFileName()) || name.equals("..")) {
                throw new CheckpointException(NAME + " lists \"" + name + "\", which is not a file of this folder");
            }
            Path file = folder.resolve(name);
            if (!Files.isRegularFile(file)) throw new CheckpointException(name + " is missing");
            try {
                long bytes = Files.size(file);
                if (bytes != content.bytes) {
                    throw new CheckpointException(
                            name + " has " + bytes + " bytes, but " + content.bytes + " were written");
                }
            } catch (IOException e) {
                throw new CheckpointException(name + " cannot be read (" + e + ")", e);
            }
        });
    }

    /**
     * Reads every file of a folder and compares.
     *
     * @throws CheckpointException if one is missing or has another content
     */
    void check(Path folder) {
        checkSizes(folder);
        files.entrySet().parallelStream().forEach(listed -> {
            String name = listed.getKey();
            try {
                if (!Checksum.of(folder.resolve(name)).equals(listed.getValue().crc32c)) {
                    throw new CheckpointException(name + " has another content than was written");
                }
            } catch (IOException e) {
                throw new CheckpointException(name + " cannot be read (" + e + ")", e);
            }
        });
    }
}
