package dev.attune.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.model.Golden;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** NEFTune's noise against transformers' hook. Made by {@code parity/make_neftune_golden.py}. */
class EmbeddingNoiseTest {
    private static Embedding table(int size) {
        Rng.seed(1);
        Embedding table = Embedding.ofWords(60, size, 0, 0.02);
        table.weight.initialise();
        table.train(true);
        return table;
    }

    /** What the noise adds to texts of these lengths: all rows, one after the other. */
    private static float[] noise(Embedding table, double alpha, int[] lengths, long[] keys) {
        try (Scope scope = Scope.open()) {
            SequenceLayout layout = SequenceLayout.rounded(lengths, keys);
            Tensor ids = Tensor.ofInts(
                    IntStream.range(0, layout.rows()).map(i -> 1 + i % 59).toArray());
            table.noise(alpha);
            float[] noisy = table.forward(ids, layout).toFloats();
            table.noise(0);
            float[] plain = table.forward(ids, layout).toFloats();
            for (int i = 0; i < plain.length; i++) noisy[i] -= plain[i];
            return noisy;
        }
    }

    @Test
    void isAsLargeAsTheReferences() {
        JsonNode cases = Golden.json(Golden.path("nn/neftune.json")).get("cases");
        assertThat(cases).hasSize(4);
        for (JsonNode each : cases) {
            int length = each.get("length").intValue();
            int hidden = each.get("hidden").intValue();
            int[] lengths = new int[20_000 / length];
            Arrays.fill(lengths, length);
            long[] keys = IntStream.range(0, lengths.length).asLongStream().toArray();
            try (Embedding table = table(hidden)) {
                float[] all = noise(table, each.get("alpha").doubleValue(), lengths, keys);
                float[] noise = Arrays.copyOf(all, lengths.length * length * hidden);
                double largest = 0, sum = 0, squares = 0;
                for (float n : noise) {
                    largest = Math.max(largest, Math.abs(n));
                    sum += n;
                    squares += (double) n * n;
                }
                double deviation = Math.sqrt(squares / noise.length);
                double expected = each.get("deviation").doubleValue();
                assertThat(largest).isCloseTo(each.get("largest").doubleValue(), within(1e-3 * largest));
                assertThat(deviation).isCloseTo(expected, within(1e-2 * expected));
                assertThat(sum / noise.length).isCloseTo(0, within(5 * expected / Math.sqrt(noise.length)));
            }
        }
    }

    /** Neither the batch nor the place in it changes the noise of a text, and its own length decides how large it is. */
    @Test
    void goesByTheTextAlone() {
        try (Embedding table = table(16)) {
            float[] both = noise(table, 5, new int[] {4, 16}, new long[] {7, 8});
            float[] turned = noise(table, 5, new int[] {16, 4}, new long[] {8, 7});
            float[] first = Arrays.copyOf(both, 4 * 16);
            float[] second = Arrays.copyOfRange(both, 4 * 16, 20 * 16);
            assertThat(Arrays.copyOfRange(turned, 16 * 16, 20 * 16)).containsExactly(first, within(1e-7f));
            assertThat(Arrays.copyOf(turned, 16 * 16)).containsExactly(second, within(1e-7f));
            assertThat(largest(first)).isBetween(0.5, 5 / Math.sqrt(4 * 16) + 1e-6);
            assertThat(largest(second)).isBetween(0.25, 5 / Math.sqrt(16 * 16) + 1e-6);
            assertThat(Arrays.copyOfRange(both, 20 * 16, both.length))
                    .as("filler")
                    .containsOnly(0);
            Set<Float> different = new HashSet<>();
            for (float n : first) different.add(n);
            assertThat(different).hasSizeGreaterThan(60);
            float[] other = noise(table, 5, new int[] {4, 16}, new long[] {9, 8});
            assertThat(Arrays.copyOf(other, 64)).isNotEqualTo(first);
        }
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) largest = Math.max(largest, Math.abs(value));
        return largest;
    }

    @Test
    void onlyWhileTraining() {
        try (Embedding table = table(16)) {
            table.train(false);
            assertThat(noise(table, 5, new int[] {3}, new long[] {1})).containsOnly(0);
        }
    }

    /** The gradient is that of the table without noise. */
    @Test
    void leavesTheGradient() {
        try (Embedding table = table(16);
                Scope scope = Scope.open()) {
            SequenceLayout layout = SequenceLayout.rounded(new int[] {3}, new long[] {1});
            Tensor ids = Tensor.ofInts(IntStream.range(0, layout.rows()).toArray());
            table.noise(5);
            table.forward(ids, layout).sum().backward();
            float[] gradient = table.weight.value().grad().toDense().toFloats();
            assertThat(Arrays.copyOfRange(gradient, 16, 16 * layout.rows())).containsOnly(1);
        }
    }
}
