package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFilesTest {
    @TempDir
    Path folder;

    @Test
    void safetensorsComeFirst() {
        Bytes.write(folder.resolve("model.onnx"), new byte[3]);
        Bytes.write(folder.resolve("pytorch_model.bin"), new byte[3]);
        TensorInfo info = new TensorInfo("w", DType.INT8, new long[] {1});
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, List.of(new TensorData(info, ByteBuffer.allocate(1))), Map.of());
        try (Weights weights = WeightFiles.open(folder)) {
            assertThat(weights.source()).isEqualTo(file.toString());
        }
        try (Weights weights = WeightFiles.open(file)) {
            assertThat(weights.names()).containsExactly("w");
        }
    }

    private void refused(Path path, String... parts) {
        assertThatThrownBy(() -> WeightFiles.open(path))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(parts)
                .hasMessageContaining(path.toString());
    }

    @Test
    void nothingFoundSaysWhatWasLookedFor() {
        refused(folder, "has no weights", "model.safetensors", "*.onnx", "*.index");
        refused(folder.resolve("none"), "no model folder");
    }

    @Test
    void picklesAreNotRead() {
        Path pickle = Bytes.write(folder.resolve("pytorch_model.bin"), new byte[3]);
        refused(folder, "pytorch_model.bin is a pickle", "safe_serialization=True");
        refused(pickle, "is a pickle");
        refused(Bytes.write(folder.resolve("notes.txt"), new byte[3]), "not a file of weights");
    }

    @Test
    void oneOfSeveralIsNotGuessed() throws Exception {
        Path onnx = Files.createDirectory(folder.resolve("onnx"));
        Bytes.write(onnx.resolve("model_fp16.onnx"), new byte[3]);
        Bytes.write(onnx.resolve("model_int8.onnx"), new byte[3]);
        refused(folder, "has 2 files *.onnx (model_fp16.onnx, model_int8.onnx)");
        Path preferred = Bytes.write(onnx.resolve("model.onnx"), new byte[0]);
        assertThatThrownBy(() -> WeightFiles.open(folder)).hasMessageStartingWith(preferred.toString());
    }

    private static TensorData tensor(String name, float... values) {
        TensorInfo info = new TensorInfo(name, DType.FLOAT32, new long[] {values.length});
        return new TensorData(info, ByteBuffer.wrap(Bytes.floats(values)));
    }

    private List<String> files() {
        return WeightFiles.saved(folder).stream()
                .map(file -> file.getFileName().toString())
                .toList();
    }

    @Test
    void shardsReplaceAFileAndAFileReplacesShards() throws Exception {
        Files.writeString(folder.resolve("model-of-mine.safetensors"), "of the user");
        List<TensorData> three = List.of(tensor("a", 1, 2), tensor("b", 3, 4, 5, 6), tensor("c", 7));
        WeightFiles.save(folder, List.of(tensor("old", 0)), 16);
        assertThat(files()).containsExactly("model.safetensors");

        WeightFiles.save(folder, three, 12);
        assertThat(files())
                .containsExactly(
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json");
        try (Weights weights = WeightFiles.open(folder)) {
            assertThat(weights.names()).containsExactly("a", "b", "c");
            assertThat(Bytes.floats(weights.bytes("b"))).containsExactly(3, 4, 5, 6);
            assertThat(Bytes.floats(weights.bytes("c"))).containsExactly(7);
        }
        try (Weights large = WeightFiles.open(folder.resolve("model-00001-of-00002.safetensors"))) {
            assertThat(large.names()).as("a tensor larger than a shard").containsExactly("b");
        }

        WeightFiles.save(folder, List.of(tensor("large", 1, 2, 3, 4)), 12);
        assertThat(files()).as("one shard needs no index").containsExactly("model.safetensors");
        assertThat(folder.resolve("model-of-mine.safetensors")).hasContent("of the user");
    }

    @Test
    void aNameIsUsedOnceAcrossShards() {
        List<TensorData> twice = List.of(tensor("a", 1), tensor("a", 2));
        assertThatThrownBy(() -> WeightFiles.save(folder, twice, 4))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("two tensors are named \"a\"");
        assertThat(files()).isEmpty();
    }
}
