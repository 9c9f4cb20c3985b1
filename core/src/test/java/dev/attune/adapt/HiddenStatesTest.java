package dev.attune.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HiddenStatesTest {
    private static final int SIZE = 8;
    private static final int[] LENGTHS = {3, 1, 4, 2, 5};

    @TempDir
    Path folder;

    /** All in memory, some, none: the bytes of an example of three tokens are 96. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE / 2, 300, 100, 0})
    void examplesComeBackInAnyOrder(long mostMemory) throws IOException {
        float[][] values = values();
        try (HiddenStates states = new HiddenStates(LENGTHS, SIZE, DType.FLOAT32, mostMemory, folder)) {
            put(states, values, 4, 0);
            put(states, values, 1, 2, 3);
            assertThat(states.bytes()).isEqualTo(15 * SIZE * 4);
            assertThat(states.bytesInFile() == 0).isEqualTo(mostMemory > 10_000);
            for (int[] examples : new int[][] {{0}, {1, 4}, {3, 2, 0, 1}, {4, 4}}) {
                try (Scope scope = Scope.open()) {
                    int tokens = 0;
                    for (int example : examples) tokens += LENGTHS[example];
                    Tensor rows = states.rows(examples, tokens + 3);
                    assertThat(rows.shape()).containsExactly(tokens + 3, SIZE);
                    float[] all = rows.toFloats();
                    int at = 0;
                    for (int example : examples) {
                        for (float value : values[example])
                            assertThat(all[at++]).isEqualTo(value);
                    }
                    for (int i = 0; i < 3 * SIZE; i++) assertThat(all[at++]).isEqualTo(all[i % SIZE]);
                }
            }
            assertThat(files()).as("the file has no name any more").isEmpty();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void sixteenBitsRoundOnce() {
        float[][] values = values();
        try (HiddenStates states = new HiddenStates(LENGTHS, SIZE, DType.BFLOAT16, 1 << 20, folder);
                Scope scope = Scope.open()) {
            assertThat(states.bytes()).isEqualTo(15 * SIZE * 2);
            put(states, values, 0, 1, 2, 3, 4);
            Tensor expected =
                    Tensor.ofFloats(values[2], 4, SIZE).to(DType.BFLOAT16).to(DType.FLOAT32);
            assertThat(states.rows(new int[] {2}, 4).toFloats()).containsExactly(expected.toFloats());
        }
    }

    @Test
    void aFileThatWasNeverReadIsRemoved() throws IOException {
        try (HiddenStates states = new HiddenStates(LENGTHS, SIZE, DType.FLOAT32, 0, folder)) {
            put(states, values(), 0);
            assertThat(files()).hasSize(1);
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void aDiskWithoutRoomIsToldBeforeAnythingIsComputed() {
        int[] many = new int[1 << 20];
        java.util.Arrays.fill(many, 1 << 18);
        assertThatThrownBy(() -> new HiddenStates(many, 256, DType.FLOAT32, 0, folder))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("free there. Set frozen_prefix: compute");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static float[][] values() {
        Random random = new Random(5);
        float[][] values = new float[LENGTHS.length][];
        for (int i = 0; i < values.length; i++) {
            values[i] = new float[LENGTHS[i] * SIZE];
            for (int j = 0; j < values[i].length; j++) values[i][j] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    private static void put(HiddenStates states, float[][] values, int... examples) {
        try (Scope scope = Scope.open()) {
            List<Tensor> parts = java.util.Arrays.stream(examples)
                    .mapToObj(i -> Tensor.ofFloats(values[i], LENGTHS[i], SIZE))
                    .toList();
            states.put(examples, Tensor.cat(0, parts));
        }
    }
}
