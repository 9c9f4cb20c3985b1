package dev.attune.checkpoint;

import dev.attune.error.CheckpointException;
import dev.attune.io.AtomicFiles;
import dev.attune.io.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model in several safetensors files, joined by {@code model.safetensors.index.json}: a map from tensor to file. */
final class ShardedSafetensors {
    /** As much as the header of one file may have. */
    private static final int MAX_MEBIBYTES = 100;

    private final Path index;
    private final Map<String, Weights> shards = new LinkedHashMap<>();
    private final Map<String, StoredWeights.Entry> entries = new LinkedHashMap<>();

    static Weights open(Path index) {
        ShardedSafetensors sharded = new ShardedSafetensors(index);
        try {
            sharded.read();
            Map<String, String> metadata = Map.of();
            for (Weights shard : sharded.shards.values()) metadata = shard.metadata();
            return new StoredWeights(
                    index.toString(), sharded.entries, metadata, new ArrayList<>(sharded.shards.values()));
        } catch (RuntimeException e) {
            for (Weights shard : sharded.shards.values()) CloseAfter.failure(e, shard);
            throw e;
        }
    }

    /**
     * Writes {@code model-00001-of-0000K.safetensors} and so on, then the index. An older index goes first: after a crash
     * there is no model in shards rather than one of new and old shards.
     *
     * @return the files written
     */
    static List<Path> write(Path folder, List<List<TensorData>> shards) {
        // Across shards: each file checks its own names when it is written.
        Safetensors.checkNames(folder, shards.stream().flatMap(List::stream).toList());
        Path index = folder.resolve(WeightFiles.SHARDED);
        WeightFiles.remove(index);
        List<Path> files = new ArrayList<>();
        Map<String, String> weightMap = new TreeMap<>();
        long bytes = 0;
        long values = 0;
        for (List<TensorData> shard : shards) {
            String name = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", files.size() + 1, shards.size());
            files.add(folder.resolve(name));
            Safetensors.write(folder.resolve(name), shard, Map.of());
            for (TensorData tensor : shard) {
                weightMap.put(tensor.info().name(), name);
                bytes += tensor.info().byteSize();
                values += tensor.info().elements();
            }
        }
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("metadata", Map.of("total_parameters", values, "total_size", bytes));
        content.put("weight_map", weightMap);
        AtomicFiles.writeString(
                index, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
        files.add(index);
        return files;
    }

    /**
     * Tensors in their order, one shard after the other, as the reference does it: one that is larger than a shard gets
     * its own, before the shard that is being filled.
     *
     * @param maxShardBytes tensor bytes of a shard; its header comes on top
     */
    static List<List<TensorData>> split(List<TensorData> tensors, long maxShardBytes) {
        List<List<TensorData>> shards = new ArrayList<>();
        List<TensorData> shard = new ArrayList<>();
        long filled = 0;
        for (TensorData tensor : tensors) {
            long bytes = tensor.info().byteSize();
            if (bytes > maxShardBytes) {
                shards.add(List.of(tensor));
                continue;
            }
            if (filled + bytes > maxShardBytes) {
                shards.add(shard);
                shard = new ArrayList<>();
                filled = 0;
            }
            shard.add(tensor);
            filled += bytes;
        }
        if (!shard.isEmpty()) shards.add(shard);
        return shards;
    }

    private ShardedSafetensors(Path index) {
        this.index = index;
    }

    private void read() {
        for (Map.Entry<String, JsonNode> item : weightMap().properties()) {
            String name = item.getKey();
            if (!item.getValue().isString()) {
                throw fault("tensor \"" + name + "\" is not mapped to a file name.", null);
            }
            String shardName = item.getValue().stringValue();
            Weights shard = shards.get(shardName);
            if (shard == null) shards.put(shardName, shard = openShard(name, shardName));
            if (!shard.names().contains(name)) {
                throw fault("tensor \"" + name + "\" is not in \"" + shardName + "\", where the index says.", null);
            }
            Weights holder = shard;
            entries.put(name, new StoredWeights.Entry(shard.info(name), () -> holder.bytes(name)));
        }
    }

    private JsonNode weightMap() {
        JsonMapper mapper = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        JsonNode root;
        try {
            root = mapper.readTree(SmallFile.bytes(index, MAX_MEBIBYTES));
        } catch (IOException e) {
            throw fault("it cannot be read (" + e.getMessage() + ").", e);
        } catch (JacksonException e) {
            throw fault("it is not valid JSON (" + e.getOriginalMessage() + ").", e);
        }
        JsonNode map = root.path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw fault("it has no \"weight_map\" from tensor names to file names.", null);
        }
        return map;
    }

    private Weights openShard(String tensor, String name) {
        Path folder = index.toAbsolutePath().getParent();
        Path shard = contained(folder, name);
        if (shard == null) {
            throw fault(
                    "tensor \"" + tensor + "\" is said to be in \"" + name
                            + "\", which is not a file in the folder of the index. Do not trust this model.",
                    null);
        }
        if (!Files.exists(shard)) {
            throw fault("the file \"" + name + "\" with tensor \"" + tensor + "\" is missing.", null);
        }
        return Safetensors.open(shard);
    }

    /**
     * The shard's path, or null if it is not inside the folder. Judged by the text alone, on every system by the rules
     * of all: links are allowed, since the Hugging Face cache is made of them.
     */
    static @Nullable Path contained(Path folder, String name) {
        boolean climbs = List.of(name.split("[/\\\\]", -1)).contains("..");
        if (climbs || name.isBlank() || name.startsWith("/") || name.contains("\\") || name.contains(":")) return null;
        try {
            Path shard = folder.resolve(name).normalize();
            return shard.startsWith(folder.normalize()) && !shard.equals(folder.normalize()) ? shard : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private CheckpointException fault(String detail, @Nullable Exception cause) {
        String message = index + ": " + detail + " Fetch the model again, with all its shards.";
        return cause == null ? new CheckpointException(message) : new CheckpointException(message, cause);
    }
}
