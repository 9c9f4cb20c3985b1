package dev.attune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.nn.Init;
import dev.attune.nn.Module;
import dev.attune.nn.Parameter;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** torch's formula in double precision against the native kernel. */
class AdamWTest {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private static final class Model extends Module {
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
                        new AdamW(ParameterGroups.of(model.parameters()), weightDecay, BETA1, BETA2, EPSILON)) {
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
                AdamW optimizer = new AdamW(ParameterGroups.of(model.parameters()), 0, BETA1, BETA2, EPSILON)) {
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
                AdamW optimizer = new AdamW(ParameterGroups.of(model.parameters()), 0.1, BETA1, BETA2, EPSILON)) {
            optimizer.step(1, 1);
            assertThat(model.unused.value().toFloats()).containsExactly(1, 1);
        }
    }

    @Test
    void closeFreesTheMoments() {
        try (Model model = new Model()) {
            long before = Scope.liveHandles();
            AdamW optimizer = new AdamW(ParameterGroups.of(model.parameters()), 0.1, BETA1, BETA2, EPSILON);
            assertThat(Scope.liveHandles() - before).isEqualTo(9); // two moments and a count for each parameter
            optimizer.step(1e-3, 0.5);
            optimizer.close();
            assertThat(Scope.liveHandles()).isEqualTo(before);
        }
    }

    @Test
    void aStepLeavesNoHandle() {
        try (Scope scope = Scope.open();
                Model model = new Model();
                AdamW optimizer = new AdamW(ParameterGroups.of(model.parameters()), 0.1, BETA1, BETA2, EPSILON)) {
            gradient(model.weight, new float[] {1, 2, 3, 4, 5, 6});
            long before = Scope.liveHandles();
            optimizer.step(1e-3, 0.5);
            assertThat(Scope.liveHandles()).isEqualTo(before);
        }
    }
}
