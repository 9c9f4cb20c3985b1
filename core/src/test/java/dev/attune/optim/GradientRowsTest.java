package dev.attune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.nn.Embedding;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A table of words whose gradients are rows steps like the same table with whole gradients, whatever the optimizer. */
class GradientRowsTest {
    private static final Map<String, Function<ParameterGroups, Optimizer>> OPTIMIZERS = new LinkedHashMap<>();

    static {
        OPTIMIZERS.put("AdamW", groups -> new AdamW(groups, 0.9, 0.999, 1e-8));
        OPTIMIZERS.put("Adam", groups -> new Adam(groups, 0.9, 0.999, 1e-8));
        OPTIMIZERS.put("RMSprop", groups -> new RmsProp(groups, 0.99, 1e-8, 0, false));
        OPTIMIZERS.put("RMSprop centered with momentum", groups -> new RmsProp(groups, 0.9, 1e-8, 0.9, true));
        OPTIMIZERS.put("SGD", groups -> new Sgd(groups, 0, 0, false));
        OPTIMIZERS.put("SGD with momentum", groups -> new Sgd(groups, 0.9, 0, true));
        OPTIMIZERS.put("SGD with dampening", groups -> new Sgd(groups, 0.9, 0.3, false));
        OPTIMIZERS.put("Adagrad", groups -> new Adagrad(groups, 0.1, 1e-10));
        OPTIMIZERS.put("Adafactor", Adafactor::new);
        OPTIMIZERS.put("Lion", groups -> new Lion(groups, 0.9, 0.99));
    }

    static Stream<Arguments> cases() {
        return OPTIMIZERS.keySet().stream()
                .flatMap(name -> Stream.of(
                        Arguments.of(name, 0.0, 1.0), Arguments.of(name, 0.1, 1.0), Arguments.of(name, 0.1, 0.25)));
    }

    /** Numbers whose sums are exact in any order: Adam turns a last digit of a gradient near zero into a whole step. */
    private static float[] sixtyFourths(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (random.nextInt(257) - 128) / 64f;
        return values;
    }

    /**
     * Words come one after the other, until the memory is that of all rows; at the end a gradient of the whole table, as of a
     * tied output layer.
     */
    @ParameterizedTest
    @MethodSource("cases")
    void rowsStepLikeTheWhole(String name, double weightDecay, double factor) {
        int words = 40;
        int size = 5;
        long seed = System.nanoTime();
        System.out.println(name + " seed " + seed);
        Random random = new Random(seed);
        Function<ParameterGroups, Optimizer> make = OPTIMIZERS.get(name);
        try (Scope scope = Scope.open();
                Embedding rows = Embedding.ofWords(words, size, -1, 0.02);
                Embedding whole = new Embedding(words, size, -1, 0.02);
                Optimizer ofRows = make.apply(ParameterGroups.of(rows.parameters(), weightDecay));
                Optimizer ofWhole = make.apply(ParameterGroups.of(whole.parameters(), weightDecay))) {
            Tensor start = Tensor.ofFloats(sixtyFourths(random, words * size), words, size);
            rows.weight.value().copyInPlace(start);
            whole.weight.value().copyInPlace(start);
            for (int step = 1; step <= 20; step++) {
                int known = Math.min(words, 4 + 2 * step);
                int[] ids = random.ints(12, 0, known).toArray();
                float[] weights = sixtyFourths(random, ids.length * size);
                float[] output = sixtyFourths(random, words * size);
                for (Embedding table : List.of(rows, whole)) {
                    table.weight.value().clearGrad();
                    // Two micro-batches, so that gradients add up.
                    for (int half = 0; half < 2; half++) {
                        int[] part = Arrays.copyOfRange(ids, half * 6, half * 6 + 6);
                        float[] w = Arrays.copyOfRange(weights, half * 6 * size, (half * 6 + 6) * size);
                        Tensor x = table.forward(Tensor.ofInts(part));
                        x.mul(Tensor.ofFloats(w, 6, size)).sum().backward();
                    }
                    if (step >= 19) {
                        table.weight
                                .value()
                                .mul(Tensor.ofFloats(output, words, size))
                                .sum()
                                .backward();
                    }
                }
                assertThat(rows.weight.value().grad().isSparse()).isEqualTo(step < 19);
                assertThat(GradientNorm.of(List.of(rows.weight)))
                        .isCloseTo(GradientNorm.of(List.of(whole.weight)), within(1e-4));
                ofRows.step(1e-2, factor);
                ofWhole.step(1e-2, factor);
                assertThat(rows.weight.value().toFloats())
                        .as("step " + step)
                        .containsExactly(whole.weight.value().toFloats(), within(1e-6f));
            }
            assertThat(rows.weight.value().toFloats()).isNotEqualTo(start.toFloats());
        }
    }
}
