package dev.attune.checkpoint;

import dev.attune.fuzz.FuzzTarget;
import dev.attune.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code model.safetensors.index.json}, beside two shards. */
public final class ShardIndexFuzz implements FuzzTarget {
    @Override
    public String reader() {
        return "safetensors-index";
    }

    @Override
    public String file() {
        return "input.safetensors.index.json";
    }

    @Override
    public List<byte[]> seeds() {
        return List.of("""
                {"metadata": {"total_size": 2}, "weight_map": {"a": "s-1.safetensors", "b": "s-2.safetensors"}}
                """.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public List<String> words() {
        return List.of(
                "weight_map",
                "../outside.safetensors",
                "..",
                "s-1.safetensors",
                "/s-2.safetensors",
                "C:s",
                "./s-1.safetensors");
    }

    @Override
    public boolean json() {
        return true;
    }

    @Override
    public void prepare(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : List.of("a", "b")) {
            TensorInfo info = new TensorInfo(name, DType.UINT8, new long[] {1});
            Path shard = folder.resolve(name.equals("a") ? "s-1.safetensors" : "s-2.safetensors");
            Safetensors.write(shard, List.of(new TensorData(info, java.nio.ByteBuffer.allocateDirect(1))), Map.of());
        }
    }

    @Override
    public void read(Path file) {
        WeightsFuzz.readAll(file);
    }

    @Override
    public boolean namesFile(String message) {
        return message.contains(file()) || message.contains(".safetensors");
    }
}
