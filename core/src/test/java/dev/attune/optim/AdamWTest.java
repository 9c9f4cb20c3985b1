package dev.attune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.checkpoint.StateDict;
import dev.attune.error.CheckpointException;
import dev.attune.nn.Embedding;
import dev.attune.nn.Init;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.Parameter;
import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** torch's formula in double precision against the native kernel. */
class AdamWTest {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private static final class Model extends NeuralModule {
        final Parameter weight = param("weight", Init.ZEROS, 2, 3);
        final Parameter bias = param("bias", Init.ZEROS, 4);
        final Parameter unused = param("unused", Init.ONES, 2);

        Model() {
            parameters().values().forEach(Parameter::initialise);
        }
    }

    /** p *= 1 - lr·wd; m, v; p -= lr/(1-β1^t) · m / (√v/√(1-β2^t) + ε). */
    private static final class Formula {
        final double[] p;
        final double[] m;
        final double[] v;
        final double decay;
        int t;

        Formula(float[] start, double decay) {
            p = new double[start.length];
            for (int i = 0; i < start.length; i++) p[i] = start[i];
            m = new double[start.length];
            v = new double[start.length];
            this.decay = decay;
        }

        void step(float[] gradient, double lr, double factor) {
            t++;
            for (int i = 0; i < p.length; i++) {
                double g = gradient[i] * factor;
                p[i] *= 1 - lr * decay;
                m[i] = BETA1 * m[i] + (1 - BETA1) * g;
                v[i] = BETA2 * v[i] + (1 - BETA2) * g * g;
                double denominator = Math.sqrt(v[i]) / Math.sqrt(1 - Math.pow(BETA2, t)) + EPSILON;
                p[i] -= lr / (1 - Math.pow(BETA1, t)) * m[i] / denominator;
            }
        }

        void agreesWith(Parameter parameter) {
            float[] actual = parameter.value().toFloats();
            for (int i = 0; i < p.length; i++) assertThat((double) actual[i]).isCloseTo(p[i], within(3e-7));
        }
    }

    private static float[] random(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    /** Gives the parameter exactly this gradient. */
    private static void gradient(Parameter parameter, float[] values) {
        parameter.value().clearGrad();
        parameter
                .value()
                .mul(Tensor.ofFloats(values, parameter.value().shape()))
                .sum()
                .backward();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0.01, 1", "0.3, 1", "0.01, 0.25", "0.3, 0.001"})
    void followsTheFormula(double weightDecay, double factor) {
        long seed = 99;
        Random random = new Random(seed);
        try (Scope scope = Scope.open();
                Model model = new Model();
                AdamW optimizer =
                        new AdamW(ParameterGroups.of(model.parameters(), weightDecay), BETA1, BETA2, EPSILON)) {
            model.weight.value().copyInPlace(Tensor.ofFloats(random(random, 6), 2, 3));
            model.bias.value().copyInPlace(Tensor.ofFloats(random(random, 4), 4));
            Formula weight = new Formula(model.weight.value().toFloats(), weightDecay);
            Formula bias = new Formula(model.bias.value().toFloats(), 0); // a bias is not decayed
            double[] rates = {0, 1e-2, 5e-3, 2e-3, 1e-3}; // the first step of a warmup has rate 0
            for (double rate : rates) {
                float[] gw = random(random, 6);
                float[] gb = random(random, 4);
                gradient(model.weight, gw);
                gradient(model.bias, gb);
                optimizer.step(rate, factor);
                weight.step(gw, rate, factor);
                bias.step(gb, rate, factor);
                weight.agreesWith(model.weight);
                bias.agreesWith(model.bias);
            }
            assertThat(model.unused.value().toFloats()).containsExactly(1, 1); // no gradient: not even decayed
        }
    }

    @Test
    void aParameterThatJoinsLateCountsItsOwnSteps() {
        try (Scope scope = Scope.open();
                Model model = new Model();
                AdamW optimizer = new AdamW(ParameterGroups.of(model.parameters(), 0), BETA1, BETA2, EPSILON)) {
            Formula weight = new Formula(new float[6], 0);
            Formula unused = new Formula(new float[] {1, 1}, 0);
            float[] gw = {1, 2, 3, -1, -2, -3};
            for (int step = 0; step < 5; step++) {
                gradient(model.weight, gw);
                weight.step(gw, 1e-2, 1);
                if (step >= 3) {
                    float[] gu = {0.5f, -4};
                    gradient(model.unused, gu);
                    unused.step(gu, 1e-2, 1);
                }
                optimizer.step(1e-2, 1);
            }
            weight.agreesWith(model.weight);
            unused.agreesWith(model.unused);
        }
    }

    @Test
    void withoutGradientsNothingHappens() {
        try (Model model = new Model();
                AdamW optimizer = new AdamW(ParameterGroups.of(model.parameters(), 0.1), BETA1, BETA2, EPSILON)) {
            optimizer.step(1, 1);
            assertThat(model.unused.value().toFloats()).containsExactly(1, 1);
        }
    }

    /** Rows without a gradient need no memory: 1,000 words of 100,000. */
    @Test
    void momentsAreOfKnownRowsOnly() {
        try (Scope scope = Scope.open();
                Embedding table = Embedding.ofWords(100_000, 4, -1, 0.02)) {
            table.weight.initialise();
            int[] ids = new int[1000];
            Arrays.setAll(ids, i -> 99 * i);
            table.forward(Tensor.ofInts(ids)).sum().backward();
            Tensor gradient = table.weight.value().grad();
            try (ParameterMemory moments =
                    new ParameterMemory(table.weight, Map.of("exp_avg", new long[] {100_000, 4}), true)) {
                ParameterMemory.Part part = moments.part(gradient);
                assertThat(part.memory().get(0).shape()).containsExactly(1000, 4);
                assertThat(part.value().shape()).containsExactly(1000, 4);
                assertThat(part.rows().toLongs()).hasSize(1000).startsWith(0, 99, 198);
            }
        }
    }

    /** Saved after some steps and loaded into another optimizer: both go on alike, to the last bit. */
    @ParameterizedTest
    @ValueSource(ints = {4, 30, 40})
    void goesOnFromASavedState(int words, @TempDir Path folder) {
        long seed = System.nanoTime();
        System.out.println("goesOnFromASavedState seed " + seed);
        try (Scope scope = Scope.open();
                Embedding one = Embedding.ofWords(40, 5, -1, 0.02);
                Embedding other = Embedding.ofWords(40, 5, -1, 0.02);
                AdamW first = new AdamW(ParameterGroups.of(one.parameters(), 0.1), BETA1, BETA2, EPSILON);
                AdamW second = new AdamW(ParameterGroups.of(other.parameters(), 0.1), BETA1, BETA2, EPSILON)) {
            one.weight.initialise();
            Random random = new Random(seed);
            for (int step = 0; step < 5; step++) words(one, random.ints(12, 0, words), first);
            StateDict state = new StateDict();
            first.save(state.part("optimizer"));
            state.write(folder);
            other.weight.value().copyInPlace(one.weight.value());
            second.load(StateDict.read(folder).part("optimizer"));
            for (int step = 0; step < 5; step++) {
                int[] ids = random.ints(12, 0, 40).toArray(); // new words too, up to whole moments
                words(one, Arrays.stream(ids), first);
                words(other, Arrays.stream(ids), second);
                assertThat(other.weight.value().toFloats())
                        .containsExactly(one.weight.value().toFloats());
            }
        }
    }

    private static void words(Embedding table, IntStream ids, AdamW optimizer) {
        table.weight.value().clearGrad();
        Tensor x = table.forward(Tensor.ofInts(ids.toArray()));
        x.mul(x).sum().backward();
        optimizer.step(1e-2, 0.5);
    }

    @Test
    void aStateOfAnotherModelIsRefused(@TempDir Path folder) {
        try (Scope scope = Scope.open();
                Model model = new Model();
                Embedding table = Embedding.ofWords(8, 3, -1, 0.02);
                AdamW optimizer = new AdamW(ParameterGroups.of(model.parameters(), 0), BETA1, BETA2, EPSILON);
                AdamW ofTable = new AdamW(ParameterGroups.of(table.parameters(), 0), BETA1, BETA2, EPSILON)) {
            table.weight.initialise();
            words(table, IntStream.of(1, 2), ofTable);
            StateDict ofRows = new StateDict();
            ofTable.save(ofRows);
            ofRows.write(folder);
            // The other model has a weight as well, but no rows of it and another shape.
            assertThatThrownBy(() -> optimizer.load(StateDict.read(folder)))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage(folder + ": \"weight.rows\" does not hold different rows of a table of 2 rows.");
            StateDict nobodys = new StateDict().put("head.exp_avg", Tensor.ofInts(new int[] {1}));
            nobodys.write(folder);
            assertThatThrownBy(() -> optimizer.load(StateDict.read(folder)))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage(folder + " has the tensor \"head.exp_avg\", which this run has no place for.");
            StateDict partly = new StateDict().put("bias.step", Tensor.zeros(DType.FLOAT32));
            partly.put("bias.exp_avg", Tensor.zeros(DType.FLOAT32, 2)).write(folder);
            assertThatThrownBy(() -> optimizer.load(StateDict.read(folder)))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage(folder + ": \"bias.exp_avg\" is FLOAT32 of shape [2], but FLOAT32 of shape [4] was"
                            + " expected.");
        }
    }

    @Test
    void closeFreesTheMoments() {
        try (Model model = new Model()) {
            long before = Scope.liveHandles();
            AdamW optimizer = new AdamW(ParameterGroups.of(model.parameters(), 0.1), BETA1, BETA2, EPSILON);
            try (Scope scope = Scope.open()) {
                gradient(model.weight, new float[] {1, 2, 3, 4, 5, 6});
                gradient(model.bias, new float[] {1, 2, 3, 4});
                optimizer.step(1e-3, 0.5);
            }
            assertThat(Scope.liveHandles() - before).isEqualTo(6); // two moments and a count for each with a gradient
            optimizer.close();
            assertThat(Scope.liveHandles()).isEqualTo(before);
        }
    }

    @Test
    void aStepLeavesNoHandle() {
        try (Scope scope = Scope.open();
                Model model = new Model();
                AdamW optimizer = new AdamW(ParameterGroups.of(model.parameters(), 0.1), BETA1, BETA2, EPSILON)) {
            gradient(model.weight, new float[] {1, 2, 3, 4, 5, 6});
            optimizer.step(1e-3, 0.5); // the first makes the moments
            long before = Scope.liveHandles();
            optimizer.step(1e-3, 0.5);
            assertThat(Scope.liveHandles()).isEqualTo(before);
        }
    }
}
