package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedSafetensorsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void writeShards() {
        shard("model-00001-of-00002.safetensors", "a", 1);
        shard("model-00002-of-00002.safetensors", "b", 2);
    }

    private void shard(String file, String name, float value) {
        TensorInfo info = new TensorInfo(name, DType.FLOAT32, new long[] {1});
        TensorData data = new TensorData(info, ByteBuffer.wrap(Bytes.floats(value)));
        Safetensors.write(folder.resolve(file), List.of(data), Map.of());
    }

    private Path index(String json) {
        return Bytes.write(folder.resolve("model.safetensors.index.json"), json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shardsAreOneModel() {
        index("{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\","
                + "\"b\":\"model-00002-of-00002.safetensors\"}}");
        try (Weights weights = WeightFiles.open(folder)) {
            assertThat(weights.names()).containsExactly("a", "b");
            assertThat(Bytes.floats(weights.bytes("a"))).containsExactly(1);
            assertThat(Bytes.floats(weights.bytes("b"))).containsExactly(2);
            assertThat(weights.metadata()).containsEntry("format", "pt");
            assertThat(weights.source()).endsWith("model.safetensors.index.json");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../x.safetensors",
                "/etc/x.safetensors",
                "sub/../../x.safetensors",
                "..",
                ".",
                "",
                "C:x.safetensors",
                "C:\\\\x.safetensors",
                "..\\\\x.safetensors",
                "\\u0000"
            })
    void shardsMayNotLeaveTheFolder(String name) {
        Path index = index("{\"weight_map\":{\"a\":\"" + name + "\"}}");
        assertThatThrownBy(() -> WeightFiles.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(index.toString())
                .hasMessageContainingAll("tensor \"a\"", "not a file in the folder of the index");
    }

    @Test
    void shardsInASubfolderAreInside() {
        assertThat(ShardedSafetensors.contained(folder, "sub/x.safetensors"))
                .isEqualTo(folder.resolve("sub").resolve("x.safetensors"));
    }

    private void refused(String json, String... parts) {
        Path index = index(json);
        assertThatThrownBy(() -> WeightFiles.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(index.toString())
                .hasMessageContainingAll(parts);
    }

    @Test
    void brokenIndexesAreRefused() {
        refused("{\"weight_map\":{\"a\":\"gone.safetensors\"}}", "\"gone.safetensors\" with tensor \"a\" is missing");
        refused(
                "{\"weight_map\":{\"b\":\"model-00001-of-00002.safetensors\"}}",
                "tensor \"b\" is not in \"model-00001-of-00002.safetensors\"");
        refused("{\"weight_map\":{\"a\":1}}", "tensor \"a\" is not mapped to a file name");
        refused("{\"weight_map\":{}}", "no \"weight_map\"");
        refused("[]", "no \"weight_map\"");
        refused("", "");
        refused("{", "not valid JSON");
        refused("{\"weight_map\":{\"a\":\"x\",\"a\":\"y\"}}", "not valid JSON", "uplicate");
    }

    @Test
    void aBadShardIsNamed() {
        Path shard = Bytes.write(folder.resolve("model-00002-of-00002.safetensors"), new byte[3]);
        index("{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\","
                + "\"b\":\"model-00002-of-00002.safetensors\"}}");
        assertThatThrownBy(() -> WeightFiles.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(shard.toString());
    }
}
