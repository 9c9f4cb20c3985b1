package dev.attune.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.tensor.Activations;
import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Packed attention against the formula, one sequence and one head at a time. */
class AttentionTest {
    private static final int SIZE = 12;
    private static final Heads HEADS = Heads.bidirectional(3, SIZE / 3);

    private record Result(float[] output, float[] dq, float[] dk, float[] dv) {}

    @FunctionalInterface
    private interface Formula {
        Tensor apply(Tensor q, Tensor k, Tensor v);
    }

    private static Tensor random(Random random, int rows, double size) {
        float[] values = new float[rows * SIZE];
        for (int i = 0; i < values.length; i++) values[i] = (float) (random.nextGaussian() * size);
        return Tensor.ofFloats(values, rows, SIZE);
    }

    private static Result run(int[] lengths, long seed, double size, Formula formula) {
        Random random = new Random(seed);
        int tokens = Arrays.stream(lengths).sum();
        try (Scope scope = Scope.open()) {
            Tensor q = random(random, tokens, size).requiresGrad(true);
            Tensor k = random(random, tokens, size).requiresGrad(true);
            Tensor v = random(random, tokens, 1).requiresGrad(true);
            Tensor weights = random(random, tokens, 1);
            Tensor output = formula.apply(q, k, v);
            assertThat(output.shape()).containsExactly(tokens, SIZE);
            output.mul(weights).sum().backward();
            return new Result(
                    output.toFloats(),
                    q.grad().toFloats(),
                    k.grad().toFloats(),
                    v.grad().toFloats());
        }
    }

    private static Tensor reference(Tensor q, Tensor k, Tensor v, int[] lengths) {
        int d = SIZE / HEADS.query();
        List<Tensor> sequences = new ArrayList<>();
        int start = 0;
        for (int length : lengths) {
            List<Tensor> heads = new ArrayList<>();
            for (int h = 0; h < HEADS.query(); h++) {
                Tensor qh = q.narrow(0, start, length).narrow(1, h * d, d);
                Tensor kh = k.narrow(0, start, length).narrow(1, h * d, d);
                Tensor vh = v.narrow(0, start, length).narrow(1, h * d, d);
                Tensor scores = qh.matmul(kh.transpose(0, 1)).div(Math.sqrt(d));
                heads.add(Activations.softmax(scores, -1).matmul(vh));
            }
            sequences.add(Tensor.cat(1, heads));
            start += length;
        }
        return Tensor.cat(0, sequences);
    }

    @Test
    void paddingIsFiniteInEveryType() {
        for (DType type : List.of(DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16)) {
            try (Scope scope = Scope.open()) {
                AttentionPlan plan = new SequenceLayout(new int[] {3, 2}).attention();
                Tensor mask = plan.bins.get(0).keys().mask(type);
                assertThat(mask.type()).isEqualTo(type);
                float[] values = mask.toFloats();
                assertThat(values).hasSize(6).startsWith(0, 0, 0, 0, 0);
                assertThat(values[5]).as(type.name()).isFinite().isLessThan(-50_000);
            }
        }
    }

    private static void agrees(int[] lengths, long seed, double size) {
        Result expected = run(lengths, seed, size, (q, k, v) -> reference(q, k, v, lengths));
        Dropout none = new Dropout(0.1); // a module does not train until it is told to
        agrees(expected, lengths, seed, size, none, "fused");
        Dropout hardly = new Dropout(1e-9); // so little that nothing is dropped
        hardly.train(true);
        agrees(expected, lengths, seed, size, hardly, "products");
        fillerChangesNothing(expected, lengths, seed, size);
        firstAgrees(expected.output, lengths, seed, size);
    }

    /** Rows of a round layout that belong to no sequence, however large, reach no token's output and no gradient. */
    private static void fillerChangesNothing(Result expected, int[] lengths, long seed, double size) {
        Result actual = run(lengths, seed, size, (q, k, v) -> {
            SequenceLayout layout = SequenceLayout.rounded(lengths, null);
            Tensor filler = random(new Random(9), layout.rows() - layout.tokens(), 1000);
            UnaryOperator<Tensor> fill = x -> Tensor.cat(0, List.of(x, filler));
            Tensor all =
                    Attention.forward(fill.apply(q), fill.apply(k), fill.apply(v), layout, HEADS, new Dropout(0.1));
            return layout.withoutFiller(all);
        });
        agrees(expected, actual, "filler " + Arrays.toString(lengths) + " seed " + seed);
    }

    /** The first tokens alone are what they are among all. */
    private static void firstAgrees(float[] all, int[] lengths, long seed, double size) {
        Random random = new Random(seed);
        int tokens = Arrays.stream(lengths).sum();
        try (Scope scope = Scope.open()) {
            Tensor q = random(random, tokens, size);
            Tensor k = random(random, tokens, size);
            Tensor v = random(random, tokens, 1);
            SequenceLayout layout = new SequenceLayout(lengths);
            Tensor first = q.rows(layout.firstTokens());
            float[] actual = Attention.forwardFirst(first, k, v, layout, HEADS, new Dropout(0.1))
                    .toFloats();
            float[] expected = Tensor.ofFloats(all, tokens, SIZE)
                    .rows(layout.firstTokens())
                    .toFloats();
            assertThat(actual)
                    .as("first of %s seed %d", Arrays.toString(lengths), seed)
                    .containsExactly(expected, within(2e-5f));
        }
    }

    private static void agrees(Result expected, int[] lengths, long seed, double size, Dropout dropout, String kernel) {
        Result actual = run(
                lengths,
                seed,
                size,
                (q, k, v) -> Attention.forward(q, k, v, new SequenceLayout(lengths), HEADS, dropout));
        agrees(expected, actual, kernel + " " + Arrays.toString(lengths) + " seed " + seed);
    }

    private static void agrees(Result expected, Result actual, String what) {
        float near = 2e-5f;
        assertThat(actual.output).as("output " + what).containsExactly(expected.output, within(near));
        assertThat(actual.dq).as("dq " + what).containsExactly(expected.dq, within(near));
        assertThat(actual.dk).as("dk " + what).containsExactly(expected.dk, within(near));
        assertThat(actual.dv).as("dv " + what).containsExactly(expected.dv, within(near));
    }

    @TestFactory
    Stream<DynamicTest> packedEqualsOneByOne() {
        Map<String, int[]> cases = new LinkedHashMap<>();
        cases.put("one token", new int[] {1});
        cases.put("one sequence", new int[] {7});
        cases.put("all of length 1", new int[] {1, 1, 1});
        cases.put("all equal", new int[] {5, 5, 5, 5});
        cases.put("nearly equal", new int[] {9, 10, 8, 10});
        cases.put("longest first", new int[] {9, 4, 1});
        cases.put("longest last", new int[] {1, 4, 9});
        cases.put("two kinds", new int[] {120, 3, 3, 118, 3, 4, 3, 3});
        cases.put("one giant", new int[] {2, 3, 200, 2, 1, 3, 2, 2, 3, 2});
        cases.put("four kinds", new int[] {256, 4, 60, 16, 250, 4, 58, 17, 4, 4, 4, 61, 15, 4});
        cases.put("a staircase", new int[] {1, 2, 4, 8, 16, 32, 64, 128});
        return cases.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> agrees(each.getValue(), 42, 1)));
    }

    @Test
    void packedEqualsOneByOneForRandomLengths() {
        long seed = System.nanoTime() & 0xFFFFFF;
        System.out.println("AttentionTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            int most = 1 + random.nextInt(random.nextBoolean() ? 6 : 90);
            int[] lengths = new int[1 + random.nextInt(14)];
            // Cubed, so that short ones are common and long ones rare: this is where bins come from.
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = 1 + (int) (most * Math.pow(random.nextDouble(), round % 2 == 0 ? 3 : 1));
            }
            agrees(lengths, seed + round, 1);
        }
    }

    @Test
    void largeScoresStayFinite() {
        agrees(new int[] {6, 2, 40}, 3, 6);
    }

    @Test
    void paddingReceivesNothingInSixteenBits() {
        int[] lengths = {40, 3, 17, 2};
        Random random = new Random(5);
        try (Scope scope = Scope.open()) {
            int tokens = Arrays.stream(lengths).sum();
            Tensor q = random(random, tokens, 2);
            Tensor k = random(random, tokens, 2);
            Tensor v = random(random, tokens, 1);
            float[] expected = reference(q, k, v, lengths).toFloats();
            Tensor actual = Attention.forward(
                    q.to(DType.BFLOAT16),
                    k.to(DType.BFLOAT16),
                    v.to(DType.BFLOAT16),
                    new SequenceLayout(lengths),
                    HEADS,
                    new Dropout(0));
            assertThat(actual.type()).isEqualTo(DType.BFLOAT16);
            assertThat(actual.toFloats()).containsExactly(expected, within(0.1f));
        }
    }

    /** Padding is a copy of its own sequence: what diverged in one does not reach the others. */
    @Test
    void aSequenceThatIsNotANumberSpoilsOnlyItself() {
        int[] lengths = {3, 7, 5};
        try (Scope scope = Scope.open()) {
            float[] values = random(new Random(1), 15, 1).toFloats();
            Arrays.fill(values, 0, 3 * SIZE, Float.NaN);
            Tensor x = Tensor.ofFloats(values, 15, SIZE);
            Tensor y = Attention.forward(x, x, x, new SequenceLayout(lengths), HEADS, new Dropout(0));
            assertThat(y.narrow(0, 0, 3).toFloats()).containsOnly(Float.NaN);
            assertThat(y.narrow(0, 3, 12).toFloats()).doesNotContain(Float.NaN);
        }
    }

    @Test
    void oneLayoutServesManyLayers() {
        int[] lengths = {30, 2, 2, 3, 28};
        try (Scope scope = Scope.open()) {
            Random random = new Random(1);
            Tensor x = random(random, Arrays.stream(lengths).sum(), 1);
            SequenceLayout layout = new SequenceLayout(lengths);
            Dropout none = new Dropout(0);
            Tensor first = Attention.forward(x, x, x, layout, HEADS, none);
            Tensor half = x.to(DType.BFLOAT16); // another type asks for another mask
            Attention.forward(half, half, half, layout, HEADS, none);
            Tensor second = Attention.forward(x, x, x, layout, HEADS, none);
            assertThat(second.toFloats()).containsExactly(first.toFloats());
        }
    }

    @Test
    void dropoutActsOnTheWeightsWhileTraining() {
        int[] lengths = {8, 5};
        try (Scope scope = Scope.open()) {
            SequenceLayout layout = SequenceLayout.rounded(lengths, new long[] {1, 2});
            Tensor x = random(new Random(1), layout.rows(), 1);
            Dropout dropout = new Dropout(0.5);
            float[] still = Attention.forward(x, x, x, layout, HEADS, dropout).toFloats();
            dropout.train(true);
            float[] dropped = Attention.forward(x, x, x, layout, HEADS, dropout).toFloats();
            assertThat(dropped).isNotEqualTo(still).doesNotContain(Float.NaN);
            assertThat(Attention.forward(x, x, x, layout, HEADS, dropout).toFloats())
                    .isEqualTo(dropped);
            dropout.train(false);
            assertThat(Attention.forward(x, x, x, layout, HEADS, dropout).toFloats())
                    .isEqualTo(still);
        }
    }

    @Test
    void dropoutWithoutKeysSaysWhatIsMissing() {
        try (Scope scope = Scope.open()) {
            Tensor x = random(new Random(1), 13, 1);
            Dropout dropout = new Dropout(0.5);
            dropout.train(true);
            SequenceLayout layout = new SequenceLayout(new int[] {8, 5});
            assertThatThrownBy(() -> Attention.forward(x, x, x, layout, HEADS, dropout))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("keys");
        }
    }

    /** In any batch, in any place, beside texts of any length, with or without filler: the same weights are dropped. */
    @Test
    void aSequenceIsDroppedAlikeInAnyBatch() {
        int[] lengths = {40, 3, 17, 2, 39};
        long[] keys = {11, 12, 13, 14, 15};
        Dropout dropout = new Dropout(0.4);
        dropout.train(true);
        try (Scope scope = Scope.open()) {
            float[] values =
                    random(new Random(5), Arrays.stream(lengths).sum(), 1).toFloats();
            float[] together = attended(values, lengths, keys, dropout);
            int start = 0;
            for (int b = 0; b < lengths.length; b++) {
                int end = start + lengths[b] * SIZE;
                float[] alone = attended(
                        Arrays.copyOfRange(values, start, end), new int[] {lengths[b]}, new long[] {keys[b]}, dropout);
                assertThat(alone)
                        .as("sequence " + b)
                        .containsExactly(Arrays.copyOfRange(together, start, end), within(1e-6f));
                start = end;
            }
        }
    }

    /** The first tokens alone are dropped as the first tokens among all. */
    @Test
    void theFirstTokensAreDroppedAsAmongAll() {
        int[] lengths = {40, 3, 17, 2, 39};
        Dropout dropout = new Dropout(0.4);
        dropout.train(true);
        try (Scope scope = Scope.open()) {
            SequenceLayout layout = SequenceLayout.rounded(lengths, new long[] {11, 12, 13, 14, 15});
            Tensor x = random(new Random(5), layout.rows(), 1);
            Tensor first = layout.firstTokens();
            float[] expected = Attention.forward(x, x, x, layout, HEADS, dropout)
                    .rows(first)
                    .toFloats();
            assertThat(Attention.forwardFirst(x.rows(first), x, x, layout, HEADS, dropout)
                            .toFloats())
                    .containsExactly(expected, within(1e-6f));
        }
    }

    private static float[] attended(float[] values, int[] lengths, long[] keys, Dropout dropout) {
        SequenceLayout layout = SequenceLayout.rounded(lengths, keys);
        Tensor x = Tensor.ofFloats(Arrays.copyOf(values, layout.rows() * SIZE), layout.rows(), SIZE);
        return layout.withoutFiller(Attention.forward(x, x, x, layout, HEADS, dropout))
                .toFloats();
    }

    /** The mean over many masks is the attention without dropout: nothing is scaled twice, no padding leaks in. */
    @Test
    void dropoutKeepsTheMean() {
        int[] lengths = {6, 2, 40};
        Dropout dropout = new Dropout(0.3);
        try (Scope scope = Scope.open()) {
            float[] values = random(new Random(1), 48, 1).toFloats();
            float[] still = attended(values, lengths, new long[3], dropout);
            dropout.train(true);
            double[] mean = new double[still.length];
            int rounds = 600;
            for (int round = 0; round < rounds; round++) {
                try (Scope turn = Scope.open()) {
                    float[] y =
                            attended(values, lengths, new long[] {3L * round, 3L * round + 1, 3L * round + 2}, dropout);
                    for (int i = 0; i < y.length; i++) mean[i] += y[i] / (double) rounds;
                }
            }
            // At most one weight of size 1 on a value of size 3: deviation of one draw below 2.
            for (int i = 0; i < mean.length; i++)
                assertThat(mean[i]).isCloseTo(still[i], within(2 * 6 / Math.sqrt(rounds)));
        }
    }
}
