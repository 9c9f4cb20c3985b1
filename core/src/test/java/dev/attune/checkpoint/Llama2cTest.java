package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Llama2cTest {
    @TempDir
    Path temp;

    private static Llama2cFixture fixture(int words) {
        return new Llama2cFixture(8, 6, 2, 2, 1, words, 5, 3);
    }

    /** Numbers of the file in its order. */
    private static float[] numbers(byte[] file) {
        return Bytes.floats(ByteBuffer.wrap(file, 28, file.length - 28).slice());
    }

    @Test
    void tablesHaveTheNamesAndShapesOfTheReference() {
        byte[] file = fixture(-7).bytes();
        float[] numbers = numbers(file);
        try (Weights weights = Llama2c.open(Bytes.write(temp.resolve("tiny.bin"), file))) {
            assertThat(weights.names()).hasSize(1 + 9 * 2 + 2);
            assertThat(weights.info("model.layers.1.mlp.down_proj.weight").shape())
                    .containsExactly(8, 6);
            assertThat(weights.info("model.layers.0.self_attn.k_proj.weight").shape())
                    .containsExactly(4, 8);
            assertThat(weights.info("model.layers.0.input_layernorm.weight").shape())
                    .containsExactly(8);
            assertThat(Bytes.floats(weights.bytes("model.embed_tokens.weight"))).isEqualTo(Arrays.copyOf(numbers, 56));
            assertThat(Bytes.floats(weights.bytes("model.layers.1.input_layernorm.weight")))
                    .isEqualTo(Arrays.copyOfRange(numbers, 64, 72));
            assertThat(Bytes.floats(weights.bytes("lm_head.weight")))
                    .isEqualTo(Arrays.copyOfRange(numbers, numbers.length - 56, numbers.length));
        }
    }

    @Test
    void rowsOfQueriesAndKeysAreTheEvenOnesOfAHeadThenTheOddOnes() {
        byte[] file = fixture(7).bytes();
        float[] numbers = numbers(file);
        int queries = 7 * 8 + 2 * 8;
        try (Weights weights = Llama2c.open(Bytes.write(temp.resolve("tiny.bin"), file))) {
            assertThat(weights.names()).doesNotContain("lm_head.weight");
            float[] second = Bytes.floats(weights.bytes("model.layers.1.self_attn.q_proj.weight"));
            int[] rows = {0, 2, 1, 3, 4, 6, 5, 7};
            for (int row = 0; row < 8; row++) {
                int from = queries + 64 + 8 * rows[row];
                assertThat(Arrays.copyOfRange(second, 8 * row, 8 * row + 8))
                        .as("row " + row)
                        .isEqualTo(Arrays.copyOfRange(numbers, from, from + 8));
            }
        }
    }

    @Test
    void theHeaderGivesTheConfig() {
        Path file = fixture(-7).write(temp.resolve("tiny.bin"));
        Map<String, Object> config = Llama2cHeader.read(file).toConfig();
        assertThat(config)
                .containsEntry("vocab_size", 7)
                .containsEntry("hidden_size", 8)
                .containsEntry("intermediate_size", 6)
                .containsEntry("num_hidden_layers", 2)
                .containsEntry("num_attention_heads", 2)
                .containsEntry("num_key_value_heads", 1)
                .containsEntry("max_position_embeddings", 5)
                .containsEntry("rms_norm_eps", 1e-5)
                .containsEntry("rope_theta", 10_000.0)
                .containsEntry("tie_word_embeddings", false);
        assertThat(Llama2cHeader.read(fixture(7).write(temp.resolve("tied.bin")))
                        .toConfig())
                .containsEntry("tie_word_embeddings", true);
    }

    @Test
    void whatIsNoWholeCheckpointIsRefused() {
        byte[] good = fixture(7).bytes();
        refused(new byte[3], "it has only 3 bytes");
        refused(Arrays.copyOf(good, good.length - 1), "but its header", "asks for " + good.length, "cut off");
        refused(Arrays.copyOf(good, good.length + 4), "has " + (good.length + 4) + " bytes");
        refused(with(good, 0, 0), "cannot be sizes (dim 0");
        refused(with(good, 8, Integer.MAX_VALUE), "cannot be sizes", "n_layers 2147483647");
        refused(with(good, 20, Integer.MIN_VALUE), "cannot be sizes");
        refused(with(good, 12, 3), "do not go together", "n_heads 3");
        refused(with(good, 12, 8), "do not go together"); // one number has no neighbour to turn with
        refused(with(good, 0, 0x616b3432), "in version", "--version 0");
        refused(
                "PK\3\4pytorch_model/data.pkl and so on".getBytes(StandardCharsets.UTF_8),
                "a pickle",
                "save_pretrained");
        refused(with(good, 0, 0x80 | 2 << 8), "a pickle");
        refused("{\"model_type\": \"llama\", \"hidden_size\": 8}".getBytes(StandardCharsets.UTF_8), "cannot be sizes");
        assertThatThrownBy(() -> Llama2c.open(temp.resolve("gone.bin")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("gone.bin does not exist");
    }

    private static byte[] with(byte[] good, int at, int number) {
        byte[] copy = good.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(at, number);
        return copy;
    }

    private void refused(byte[] content, String... parts) {
        Path file = Bytes.write(temp.resolve("wrong.bin"), content);
        for (Runnable reading : new Runnable[] {() -> Llama2c.open(file), () -> Llama2cHeader.read(file)}) {
            assertThatThrownBy(reading::run)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("wrong.bin")
                    .hasMessageContainingAll(parts);
        }
    }
}
