package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.model.Golden;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OversamplingTest {
    /** Draw for draw torch's WeightedRandomSampler; made by {@code parity/make_imbalance_golden.py}. */
    @Test
    void drawsAreThoseOfTheReference() {
        JsonNode cases = Golden.json(Golden.path("imbalance/golden.json")).get("sampler");
        assertThat(cases).hasSize(3);
        for (JsonNode each : cases) {
            int[] classes = Golden.ints(each.get("labels"));
            int names = Arrays.stream(classes).max().getAsInt() + 1;
            Sampler sampler = new Oversampling(classes, names, 1)
                    .sampling(each.get("seed").longValue());
            for (int epoch = 0; epoch < 2; epoch++) {
                assertThat(sampler.order(epoch))
                        .isEqualTo(Golden.ints(each.get("orders").get(epoch)));
            }
        }
    }

    /** 60 of class 0, 7 of class 1, none of class 2, 30 of class 3. */
    private static int[] classes() {
        return IntStream.range(0, 97).map(i -> i < 60 ? 0 : i < 67 ? 1 : 3).toArray();
    }

    private static long[] counts(int[] order) {
        long[] counts = new long[4];
        for (int i : order) counts[classes()[i]]++;
        return counts;
    }

    @Test
    void eachClassGetsItsShareOfTheDraws() {
        Sampler sampler = new Oversampling(classes(), 4, 0.5).sampling(1);
        long[] all = new long[4];
        for (int epoch = 0; epoch < 400; epoch++) {
            int[] order = sampler.order(epoch);
            assertThat(order).hasSize(97);
            long[] counts = counts(order);
            for (int c = 0; c < 4; c++) all[c] += counts[c];
        }
        // Targets 60, 30, 0, 30: half, a quarter and a quarter of the draws.
        double draws = 400 * 97;
        assertThat(all[0] / draws).isBetween(0.49, 0.51);
        assertThat(all[1] / draws).isBetween(0.24, 0.26);
        assertThat(all[2]).isZero();
        assertThat(all[3] / draws).isBetween(0.24, 0.26);
    }

    @Test
    void duplicationTakesEveryExampleAndRepeatsSmallClasses() {
        Oversampling half = new Oversampling(classes(), 4, 0.5);
        assertThat(half.duplicated()).isEqualTo(120);
        Set<List<Integer>> repeated = new HashSet<>();
        for (int epoch = 0; epoch < 3; epoch++) {
            int[] order = half.duplication(5).order(epoch);
            assertThat(counts(order)).containsExactly(60, 30, 0, 30);
            assertThat(Arrays.copyOf(order, 97))
                    .as("all, in their order")
                    .isEqualTo(IntStream.range(0, 97).toArray());
            int[] times = new int[97];
            for (int i : order) times[i]++;
            for (int i = 0; i < 97; i++) {
                if (classes()[i] == 1) assertThat(times[i]).isBetween(4, 5); // 30 of 7
                else assertThat(times[i]).isOne();
            }
            repeated.add(
                    IntStream.range(0, 97).filter(i -> times[i] == 5).boxed().toList());
            assertThat(half.duplication(5).order(epoch))
                    .as("by seed and epoch alone")
                    .isEqualTo(order);
        }
        assertThat(repeated).as("the rest is another one in each epoch").hasSizeGreaterThan(1);
        assertThat(counts(new Oversampling(classes(), 4, 1).duplication(5).order(0)))
                .containsExactly(60, 60, 0, 60);
        assertThat(new Oversampling(classes(), 4, 0.01).duplicated())
                .as("no class gets smaller")
                .isEqualTo(97);
    }

    /** Dropout of an example that comes again is another one; a run that goes on within the epoch has the same keys. */
    @Test
    void eachDrawHasAKeyOfItsOwn() {
        List<Example> examples = IntStream.range(0, 3)
                .mapToObj(i -> new Example(new int[] {i}, new int[1], new int[1], new float[0]))
                .toList();
        int[] order = {2, 0, 2, 1, 2, 0};
        long[] plain = Batch.of(Examples.of(examples), order, 4, 9).keys();
        long[] whole = keys(examples, order, 0);
        assertThat(new long[] {whole[0], whole[1], whole[3]})
                .as("the first time as ever")
                .containsExactly(plain[0], plain[1], plain[3]);
        assertThat(Arrays.stream(whole).distinct()).hasSize(6);
        for (int from = 1; from < 6; from++) {
            assertThat(keys(examples, order, from)).isEqualTo(Arrays.copyOfRange(whole, from, 6));
        }
    }

    private static long[] keys(List<Example> examples, int[] order, int from) {
        try (BatchLoader loader = BatchLoader.ofRepeated(Examples.of(examples), order, from, 2, false, 4, 9)) {
            LongStream.Builder keys = LongStream.builder();
            for (Batch batch : loader) for (long key : batch.keys()) keys.add(key);
            return keys.build().toArray();
        }
    }
}
