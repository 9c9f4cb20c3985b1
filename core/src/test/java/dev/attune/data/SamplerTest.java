package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Orders against those recorded by parity/make_sampler_golden.py. */
class SamplerTest {
    private static final int[] SHORT =
            IntStream.range(0, 20).map(i -> (i * 37) % 23 + 1).toArray();
    private static final int[] LONG =
            IntStream.range(0, 500).map(i -> Math.min(60, (i * 7919) % 97 + 3)).toArray();

    private final JsonNode golden = golden();

    @Test
    void randomIsTheOrderOfTheTrainer() {
        Sampler sampler = Sampler.random(22, 42);
        assertThat(sampler.order(0))
                .containsExactly(6, 3, 18, 17, 4, 11, 2, 21, 8, 16, 20, 7, 12, 13, 5, 1, 14, 15, 9, 10, 0, 19);
        assertThat(sampler.order(1))
                .containsExactly(14, 19, 17, 15, 2, 13, 6, 5, 9, 10, 4, 0, 16, 20, 21, 3, 11, 12, 7, 1, 8, 18);
        assertEpochs(sampler, "trainer_random");
        assertEpochs(Sampler.random(22, 7), "trainer_random_data_seed_7");
    }

    @Test
    void sequentialIsTheOrderOfTheTrainer() {
        assertEpochs(Sampler.sequential(5), "trainer_sequential");
    }

    @Test
    void permutationsAreThoseOfTorch() {
        for (JsonNode expected : golden.get("permutations")) {
            int n = expected.get("n").intValue();
            int[] order = new Mt19937(expected.get("seed").longValue()).permutation(n);
            assertThat(Arrays.copyOf(order, Math.min(8, n))).containsExactly(ints(expected.get("first")));
            assertThat(Arrays.copyOfRange(order, Math.max(0, n - 4), n)).containsExactly(ints(expected.get("last")));
            assertThat(digest(order)).isEqualTo(expected.get("sha256").stringValue());
        }
    }

    @Test
    void lengthGroupsAreThoseOfTransformers() {
        int[] order = LengthGroups.order(SHORT, 2, new Mt19937(42));
        assertThat(order).containsExactly(18, 14, 2, 15, 1, 4, 10, 0, 8, 3, 11, 6, 13, 17, 12, 7, 16, 19, 9, 5);
        assertThat(order).containsExactly(ints(golden.get("grouped_short")));
        for (JsonNode expected : golden.get("grouped_long")) {
            int[] grouped = LengthGroups.order(LONG, expected.get("batch_size").intValue(), new Mt19937(42));
            assertThat(digest(grouped))
                    .as(expected.toString())
                    .isEqualTo(expected.get("sha256").stringValue());
        }
    }

    @Test
    void groupByLengthIsTheOrderOfTheTrainer() {
        assertEpochs(Sampler.groupByLength(SHORT, 2, 42), "trainer_grouped_short");
        assertEpochs(Sampler.groupByLength(SHORT, 2, 42), "trainer_grouped_short_data_seed_7");
        JsonNode expected = golden.get("trainer_grouped_long");
        Sampler sampler = Sampler.groupByLength(LONG, 4 * 2, 42);
        for (int epoch = 0; epoch < 3; epoch++) {
            assertThat(digest(sampler.order(epoch)))
                    .isEqualTo(expected.get("sha256").get(epoch).stringValue());
        }
    }

    @Test
    void withDropoutOnTheCpuTheFirstEpochStillAgrees() {
        int[] first = ints(golden.get("trainer_grouped_short_dropout").get(0));
        assertThat(Sampler.groupByLength(SHORT, 2, 42).order(0)).containsExactly(first);
    }

    @Test
    void evaluationIsGroupedTheSameWayEveryTime() {
        assertEpochs(Sampler.groupByLengthForEvaluation(SHORT, 2, 42), "evaluation_grouped_short");
    }

    @Test
    void longestComesFirst() {
        int[] order = Sampler.groupByLength(SHORT, 2, 5).order(3);
        assertThat(SHORT[order[0]]).isEqualTo(Arrays.stream(SHORT).max().getAsInt());
        assertThat(Arrays.stream(order).sorted().toArray())
                .containsExactly(IntStream.range(0, 20).toArray());
    }

    @Test
    void eachCallGivesANewArray() {
        Sampler sampler = Sampler.sequential(3);
        sampler.order(0)[0] = 9;
        assertThat(sampler.order(0)).containsExactly(0, 1, 2);
    }

    @Test
    void nothingToOrderIsAnError() {
        assertThatThrownBy(() -> Sampler.random(0, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> Sampler.groupByLength(SHORT, 0, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at least 1, but is 0");
    }

    private void assertEpochs(Sampler sampler, String key) {
        for (int epoch = 0; epoch < golden.get(key).size(); epoch++) {
            assertThat(sampler.order(epoch))
                    .as(key + " epoch " + epoch)
                    .containsExactly(ints(golden.get(key).get(epoch)));
        }
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) values[i] = array.get(i).intValue();
        return values;
    }

    private static String digest(int[] order) {
        String text = Arrays.stream(order).mapToObj(Integer::toString).collect(Collectors.joining(","));
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode golden() {
        try (InputStream in = SamplerTest.class.getResourceAsStream("sampler-golden.json")) {
            return JsonMapper.shared().readTree(in);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
