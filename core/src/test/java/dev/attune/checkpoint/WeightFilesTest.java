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
}
