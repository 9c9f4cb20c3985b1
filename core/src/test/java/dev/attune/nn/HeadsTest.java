package dev.attune.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Causal heads, windows, grouped queries, scores with a bias, and attention across batches, against the formula in plain loops. */
class HeadsTest {
    private static final int D = 4;
    private static final int HEADS = 6;
    private static final Heads PLAIN = Heads.bidirectional(HEADS, D);

    /** Numbers and shapes of one attention. */
    private record Case(
            Heads heads,
            int[] queries,
            int[] keys,
            @Nullable Distances bias,
            long seed) {
        Case(Heads heads, int... lengths) {
            this(heads, lengths, lengths, null, 1);
        }
    }

    /** A number for each head and distance, as T5 has; (H, 2·R+1) of distances up to R. */
    private record Distances(float[] numbers, int reach) {
        float of(int head, int query, int key) {
            return numbers[head * (2 * reach + 1) + key - query + reach];
        }

        ScoreBias asBias(SequenceLayout layout) {
            return ScoreBias.of(layout, (queries, keys) -> {
                float[] all = new float[HEADS * keys * keys];
                for (int h = 0, at = 0; h < HEADS; h++) {
                    for (int i = 0; i < keys; i++) for (int j = 0; j < keys; j++) all[at++] = of(h, i, j);
                }
                return Tensor.ofFloats(all, 1, HEADS, keys, keys);
            });
        }
    }

    private static float[] random(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    private record Inputs(float[] q, float[] k, float[] v, float[] upstream) {
        static Inputs of(Case c) {
            Random random = new Random(c.seed);
            int queries = Arrays.stream(c.queries).sum();
            int keys = Arrays.stream(c.keys).sum();
            int kv = c.heads.keyValue() * D;
            return new Inputs(
                    random(random, queries * HEADS * D),
                    random(random, keys * kv),
                    random(random, keys * kv),
                    random(random, queries * HEADS * D));
        }
    }

    /** Output, and the gradients of q, k and v under {@code upstream}, in 64 bits. */
    private static double[][] formula(Case c, Inputs in) {
        int kvHeads = c.heads.keyValue();
        double[] y = new double[in.q.length];
        double[] dq = new double[in.q.length];
        double[] dk = new double[in.k.length];
        double[] dv = new double[in.k.length];
        int q0 = 0;
        int k0 = 0;
        for (int b = 0; b < c.queries.length; b++) {
            for (int h = 0; h < HEADS; h++) {
                int kv = h / (HEADS / kvHeads);
                for (int i = 0; i < c.queries[b]; i++) {
                    int qAt = (q0 + i) * HEADS * D + h * D;
                    int from = c.heads.causal() && c.heads.window() > 0 ? Math.max(0, i - c.heads.window() + 1) : 0;
                    int to = c.heads.causal() ? i + 1 : c.keys[b];
                    double[] shares = new double[to];
                    double sum = 0;
                    for (int j = from; j < to; j++) {
                        int kAt = (k0 + j) * kvHeads * D + kv * D;
                        double score = c.bias == null ? 0 : c.bias.of(h, i, j);
                        for (int d = 0; d < D; d++) score += c.heads.scale() * in.q[qAt + d] * in.k[kAt + d];
                        sum += shares[j] = Math.exp(score);
                    }
                    double[] reward = new double[to];
                    double mean = 0;
                    for (int j = from; j < to; j++) {
                        shares[j] /= sum;
                        int vAt = (k0 + j) * kvHeads * D + kv * D;
                        for (int d = 0; d < D; d++) {
                            y[qAt + d] += shares[j] * in.v[vAt + d];
                            dv[vAt + d] += shares[j] * in.upstream[qAt + d];
                            reward[j] += in.v[vAt + d] * in.upstream[qAt + d];
                        }
                        mean += shares[j] * reward[j];
                    }
                    for (int j = from; j < to; j++) {
                        int kAt = (k0 + j) * kvHeads * D + kv * D;
                        double slope = shares[j] * (reward[j] - mean) * c.heads.scale();
                        for (int d = 0; d < D; d++) {
                            dq[qAt + d] += slope * in.k[kAt + d];
                            dk[kAt + d] += slope * in.q[qAt + d];
                        }
                    }
                }
            }
            q0 += c.queries[b];
            k0 += c.keys[b];
        }
        return new double[][] {y, dq, dk, dv};
    }

    private static void agrees(Case c) {
        Inputs in = Inputs.of(c);
        double[][] expected = formula(c, in);
        for (double dropout : new double[] {0, 1e-9}) { // with the fused kernel, where there is one, and without
            Dropout none = new Dropout(dropout);
            none.train(true);
            try (Scope scope = Scope.open()) {
                Tensor q = tensor(in.q, HEADS).requiresGrad(true);
                Tensor k = tensor(in.k, c.heads.keyValue()).requiresGrad(true);
                Tensor v = tensor(in.v, c.heads.keyValue()).requiresGrad(true);
                Tensor y = attended(c, q, k, v, none);
                y.mul(tensor(in.upstream, HEADS)).sum().backward();
                List<Tensor> found = List.of(y, q.grad(), k.grad(), v.grad());
                for (int i = 0; i < 4; i++) {
                    assertThat(found.get(i).toFloats())
                            .as(
                                    "%s of %s, dropout %s",
                                    List.of("y", "dq", "dk", "dv").get(i), c, dropout)
                            .containsExactly(floats(expected[i]), within(2e-5f));
                }
            }
        }
    }

    private static Tensor attended(Case c, Tensor q, Tensor k, Tensor v, Dropout dropout) {
        SequenceLayout queries = new SequenceLayout(c.queries);
        if (!Arrays.equals(c.queries, c.keys)) {
            CrossLayout across = CrossLayout.of(queries, new SequenceLayout(c.keys));
            return Attention.cross(q, () -> k, () -> v, across, c.heads, dropout);
        }
        return Attention.forward(q, k, v, queries, c.heads, c.bias == null ? null : c.bias.asBias(queries), dropout);
    }

    private static Tensor tensor(float[] values, int heads) {
        return Tensor.ofFloats(values, values.length / (heads * D), heads * D);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return floats;
    }

    private static final int[][] LENGTHS = {
        {1}, {7}, {5, 5, 5}, {9, 10, 8, 10}, {90, 3, 3, 88, 3, 4}, {1, 2, 4, 8, 16, 32, 64},
    };

    @Test
    void aCausalTokenSeesNoneBehindIt() {
        for (int[] lengths : LENGTHS) agrees(new Case(Heads.causal(HEADS, D), lengths));
    }

    @Test
    void aWindowEndsBeforeTheFirstToken() {
        for (int window : new int[] {1, 3, 64, 1000}) {
            for (int[] lengths : LENGTHS) agrees(new Case(Heads.causal(HEADS, D).withWindow(window), lengths));
        }
    }

    @Test
    void neighboursShareKeysAndValues() {
        for (int groups : new int[] {1, 2, 3}) {
            for (int[] lengths : LENGTHS) {
                agrees(new Case(PLAIN.withKeyValueHeads(groups), lengths));
                agrees(new Case(Heads.causal(HEADS, D).withKeyValueHeads(groups), lengths));
            }
        }
    }

    @Test
    void scoresWithABiasAndWithoutAScale() {
        Distances far = new Distances(random(new Random(3), HEADS * 201), 100);
        for (int[] lengths : LENGTHS) {
            agrees(new Case(PLAIN.withScale(1), lengths, lengths, far, 4));
            agrees(new Case(Heads.causal(HEADS, D).withScale(1).withKeyValueHeads(2), lengths, lengths, far, 5));
        }
    }

    @Test
    void sequencesOfAnotherBatch() {
        agrees(new Case(PLAIN, new int[] {1, 1}, new int[] {3, 5}, null, 6));
        agrees(new Case(PLAIN, new int[] {4, 9, 2}, new int[] {7, 7, 7}, null, 7));
        agrees(new Case(PLAIN.withScale(1), new int[] {3, 1, 30, 2, 5}, new int[] {80, 2, 3, 90, 4}, null, 8));
        agrees(new Case(PLAIN.withKeyValueHeads(3), new int[] {40, 1}, new int[] {1, 40}, null, 9));
    }

    @Test
    void fillerOfEitherBatchReachesNoToken() {
        Case c = new Case(PLAIN, new int[] {5, 2, 3}, new int[] {7, 1, 9}, null, 10);
        Inputs in = Inputs.of(c);
        try (Scope scope = Scope.open()) {
            SequenceLayout queries = SequenceLayout.rounded(c.queries, null);
            SequenceLayout keys = SequenceLayout.rounded(c.keys, null);
            Tensor y = Attention.cross(
                    filled(in.q, queries),
                    () -> filled(in.k, keys),
                    () -> filled(in.v, keys),
                    CrossLayout.of(queries, keys),
                    PLAIN,
                    new Dropout(0));
            assertThat(queries.withoutFiller(y).toFloats()).containsExactly(floats(formula(c, in)[0]), within(2e-5f));
        }
    }

    private static Tensor filled(float[] values, SequenceLayout layout) {
        float[] all = Arrays.copyOf(values, layout.rows() * HEADS * D);
        Arrays.fill(all, values.length, all.length, 1000);
        return tensor(all, HEADS);
    }

    @Test
    void masksAreFiniteInSixteenBits() {
        Case c = new Case(Heads.causal(HEADS, D).withWindow(3), 9, 2, 12);
        Inputs in = Inputs.of(c);
        float[] expected = floats(formula(c, in)[0]);
        for (DType type : List.of(DType.BFLOAT16, DType.FLOAT16)) {
            try (Scope scope = Scope.open()) {
                Tensor y = attended(
                        c,
                        tensor(in.q, HEADS).to(type),
                        tensor(in.k, HEADS).to(type),
                        tensor(in.v, HEADS).to(type),
                        new Dropout(0));
                assertThat(y.to(DType.FLOAT32).toFloats()).as(type.name()).containsExactly(expected, within(0.1f));
            }
        }
    }

    /** The dropped tokens of a sequence do not depend on its neighbours, on either side. */
    @Test
    void aSequenceIsDroppedAlikeInAnyBatch() {
        Case c = new Case(PLAIN, new int[] {3, 8}, new int[] {40, 2}, null, 11);
        Inputs in = Inputs.of(c);
        Dropout dropout = new Dropout(0.4);
        dropout.train(true);
        try (Scope scope = Scope.open()) {
            float[] both = dropped(in, c.queries, c.keys, new long[] {5, 6}, dropout);
            Inputs second = new Inputs(
                    Arrays.copyOfRange(in.q, 3 * HEADS * D, in.q.length),
                    Arrays.copyOfRange(in.k, 40 * HEADS * D, in.k.length),
                    Arrays.copyOfRange(in.v, 40 * HEADS * D, in.v.length),
                    in.upstream);
            float[] alone = dropped(second, new int[] {8}, new int[] {2}, new long[] {6}, dropout);
            assertThat(alone).containsExactly(Arrays.copyOfRange(both, 3 * HEADS * D, both.length), within(1e-6f));
            assertThat(both).isNotEqualTo(floats(formula(c, in)[0]));
        }
    }

    private static float[] dropped(Inputs in, int[] queries, int[] keys, long[] seeds, Dropout dropout) {
        SequenceLayout asking = SequenceLayout.rounded(queries, seeds);
        SequenceLayout asked = SequenceLayout.rounded(keys, seeds);
        CrossLayout across = CrossLayout.of(asking, asked);
        Tensor y = Attention.cross(
                filled(in.q, asking), () -> filled(in.k, asked), () -> filled(in.v, asked), across, PLAIN, dropout);
        return asking.withoutFiller(y).toFloats();
    }

    @Test
    void mistakesOfAFamily() {
        assertThatThrownBy(() -> PLAIN.withKeyValueHeads(4)).hasMessage("6 heads of queries for 4 of keys");
        assertThatThrownBy(() -> PLAIN.withWindow(3)).hasMessage("a window of 3");
        try (Scope scope = Scope.open()) {
            SequenceLayout two = new SequenceLayout(new int[] {1, 2});
            SequenceLayout one = new SequenceLayout(new int[] {3});
            assertThatThrownBy(() -> CrossLayout.of(two, one)).hasMessage("2 sequences see 1 others");
            Tensor x = Tensor.zeros(DType.FLOAT32, 3, HEADS * D);
            Heads causal = Heads.causal(HEADS, D);
            Dropout none = new Dropout(0);
            assertThatThrownBy(() -> Attention.cross(x, () -> x, () -> x, CrossLayout.of(two, two), causal, none))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Attention.forwardFirst(x, x, x, two, causal, none))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
