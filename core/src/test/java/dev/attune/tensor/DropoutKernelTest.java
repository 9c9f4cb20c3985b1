package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutKernelTest {
    private Scope scope;
    private byte[] before;

    @BeforeEach
    void open() {
        before = Rng.state();
        scope = Scope.open();
        long seed = System.nanoTime() & 0xFFFFFF;
        System.out.println("DropoutKernelTest seed " + seed);
        Rng.seed(seed);
    }

    @AfterEach
    void close() {
        scope.close();
        Rng.restore(before);
    }

    private static Tensor ones(long... shape) {
        Tensor t = Tensor.zeros(DType.FLOAT32, shape);
        t.fillInPlace(1);
        return t;
    }

    /** The probability in force is a multiple of 2^-16. */
    private static double stepped(double p) {
        return Math.round(p * 65536) / 65536.0;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.1, 0.25, 0.5, 0.9, 0.99})
    void dropsTheShareItPromisesAndScalesTheRestExactly(double p) {
        int n = 400_003;
        float[] y = DropoutKernel.apply(ones(n), p).toFloats();
        double q = stepped(p);
        float scale = (float) (1 / (1 - q));
        int zeros = 0;
        double sum = 0;
        for (float value : y) {
            if (value == 0) zeros++;
            else assertThat(value).isEqualTo(scale);
            sum += value;
        }
        double sigma = Math.sqrt(n * q * (1 - q));
        assertThat((double) zeros).isCloseTo(n * q, within(5 * sigma));
        assertThat(sum / n).isCloseTo(1, within(5 * sigma / n / (1 - q)));
    }

    @Test
    void neighboursAreIndependent() {
        int n = 400_000;
        float[] y = DropoutKernel.apply(ones(n), 0.5).toFloats();
        for (int lag = 1; lag <= 5; lag++) { // one draw serves several neighbours
            int equal = 0;
            for (int i = 0; i + lag < n; i++) if ((y[i] == 0) == (y[i + lag] == 0)) equal++;
            double sigma = Math.sqrt(n) / 2;
            assertThat((double) equal).as("lag " + lag).isCloseTo((n - lag) / 2.0, within(5 * sigma));
        }
    }

    @Test
    void everyPlaceInTheRowDropsAlike() {
        int rows = 20_000;
        float[] y = DropoutKernel.apply(ones(rows, 7), 0.3).toFloats();
        for (int column = 0; column < 7; column++) {
            int zeros = 0;
            for (int row = 0; row < rows; row++) if (y[row * 7 + column] == 0) zeros++;
            assertThat((double) zeros).isCloseTo(rows * 0.3, within(5 * Math.sqrt(rows * 0.21)));
        }
    }

    @Test
    void gradientIsMaskTimesScale() {
        int n = 1001;
        Tensor x = ones(n).requiresGrad(true);
        float[] upstream = new float[n];
        for (int i = 0; i < n; i++) upstream[i] = i - 500;
        Tensor y = DropoutKernel.apply(x, 0.4);
        y.mul(Tensor.ofFloats(upstream, n)).sum().backward();
        float[] mask = y.toFloats(); // x is 1, so y is mask times scale
        float[] gradient = x.grad().toFloats();
        for (int i = 0; i < n; i++) assertThat(gradient[i]).isEqualTo(mask[i] * upstream[i] + 0f);
    }

    @Test
    void multipliesTheInput() {
        int n = 500;
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = i + 1;
        float[] y = DropoutKernel.apply(Tensor.ofFloats(values, 20, 25), 0.5).toFloats();
        for (int i = 0; i < n; i++) assertThat(y[i]).isIn(0f, 2f * values[i]);
    }

    @Test
    void zeroProbabilityIsTheSameTensor() {
        Tensor x = ones(3);
        assertThat(DropoutKernel.apply(x, 0)).isSameAs(x);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 0})
    void anyNumberOfElements(int n) {
        Tensor y = DropoutKernel.apply(ones(n), 0.5);
        assertThat(y.shape()).containsExactly(n);
        for (float value : y.toFloats()) assertThat(value).isIn(0f, 2f);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void theLastElementsAreDroppedToo(int n) {
        int[] zeros = new int[n];
        int rounds = 400;
        for (int round = 0; round < rounds; round++) {
            try (Scope turn = Scope.open()) {
                float[] y = DropoutKernel.apply(ones(n), 0.5).toFloats();
                for (int i = 0; i < n; i++) if (y[i] == 0) zeros[i]++;
            }
        }
        for (int count : zeros) assertThat((double) count).isCloseTo(rounds / 2.0, within(5 * Math.sqrt(rounds) / 2));
    }

    @Test
    void keepsTypeAndShape() {
        for (DType type : new DType[] {DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16, DType.FLOAT64}) {
            Tensor y = DropoutKernel.apply(ones(3, 5).to(type), 0.5);
            assertThat(y.type()).isEqualTo(type);
            assertThat(y.shape()).containsExactly(3, 5);
            for (float value : y.toFloats()) assertThat(value).isIn(0f, 2f);
        }
    }

    @Test
    void worksOnATransposedTensor() {
        Tensor x = Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).transpose(0, 1);
        float[] y = DropoutKernel.apply(x, 0.5).toFloats();
        float[] values = {1, 4, 2, 5, 3, 6};
        for (int i = 0; i < 6; i++) assertThat(y[i]).isIn(0f, 2 * values[i]);
    }

    @Test
    void certaintyDropsAll() {
        assertThat(DropoutKernel.apply(ones(50), 1).toFloats()).containsOnly(0);
        assertThat(DropoutKernel.apply(ones(50), 0.9999999).toFloats()).containsOnly(0);
    }

    @Test
    void nearCertaintyStaysFinite() {
        double p = 0.9999;
        int n = 2_000_000;
        float[] y = DropoutKernel.apply(ones(n), p).toFloats();
        double q = stepped(p);
        float scale = (float) (1 / (1 - q));
        int kept = 0;
        for (float value : y) {
            if (value == 0) continue;
            assertThat(value).isEqualTo(scale);
            kept++;
        }
        assertThat((double) kept).isCloseTo(n * (1 - q), within(5 * Math.sqrt(n * q * (1 - q))));
    }

    @Test
    void aTinyProbabilityKeepsAll() {
        assertThat(DropoutKernel.apply(ones(1000), 1e-7).toFloats()).containsOnly(1);
    }

    @Test
    void leavesNoHandleBehind() {
        long alive = Scope.liveHandles();
        try (Scope turn = Scope.open()) {
            DropoutKernel.apply(ones(8), 0.5);
        }
        assertThat(Scope.liveHandles()).isEqualTo(alive);
    }

    @Test
    void addToIsDropoutAndSumInTheMemoryOfItsInput() {
        Tensor weight = Tensor.ofFloats(new float[] {1, 2, 3, 4}, 2, 2).requiresGrad(true);
        Tensor residual = Tensor.ofFloats(new float[] {10, 20, 30, 40}, 2, 2).requiresGrad(true);
        Tensor input = ones(2, 2);
        Rng.seed(5);
        Tensor expected = DropoutKernel.apply(input.matmul(weight), 0.5).add(residual);
        Rng.seed(5);
        Tensor product = input.matmul(weight);
        Tensor sum = DropoutKernel.addTo(residual, product, 0.5);
        assertThat(sum).isSameAs(product);
        assertThat(sum.toFloats()).isEqualTo(expected.toFloats());

        expected.sum().backward();
        float[] gradient = weight.grad().toFloats();
        weight.clearGrad();
        residual.clearGrad();
        sum.sum().backward();
        assertThat(weight.grad().toFloats()).isEqualTo(gradient);
        assertThat(residual.grad().toFloats()).containsOnly(1f);
    }

    @Test
    void addToKeepsTheWiderTypeOfTheResidual() {
        Tensor residual = ones(3);
        Tensor sum = DropoutKernel.addTo(residual, ones(3).to(DType.BFLOAT16), 0);
        assertThat(sum.type()).isEqualTo(DType.FLOAT32);
        assertThat(sum.toFloats()).containsExactly(2, 2, 2);
        assertThat(DropoutKernel.addTo(residual, ones(3), 1).toFloats()).containsExactly(1, 1, 1);
    }

    /** Every value of 16 bits from 1 to 2 is scaled in 32 bits and rounded once: the scale itself is not rounded. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BFLOAT16", "FLOAT16"})
    void sixteenBitsDropTheSameElementsAndScaleExactly(DType type) {
        Tensor x = oneToTwo(type, 20);
        for (double p : new double[] {0.1, 0.25, 0.3}) {
            Rng.seed(9);
            Tensor wide = DropoutKernel.apply(x.to(DType.FLOAT32), p);
            Rng.seed(9);
            Tensor narrow = DropoutKernel.apply(x, p);
            assertThat(narrow.type()).isEqualTo(type);
            assertThat(narrow.toFloats())
                    .containsExactly(wide.to(type).toFloats())
                    .contains(0f);
            Rng.seed(9);
            Tensor sum = DropoutKernel.addTo(x.to(DType.FLOAT32), x.mul(1), p);
            assertThat(sum.sub(x.to(DType.FLOAT32)).toFloats()).containsExactly(narrow.toFloats());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BFLOAT16", "FLOAT16"})
    void theGradientOfSixteenBitsIsScaledExactly(DType type) {
        Tensor upstream = oneToTwo(type, 20);
        float[][] gradients = new float[2][];
        for (DType t : new DType[] {DType.FLOAT32, type}) {
            Tensor x = upstream.to(t).detach().requiresGrad(true);
            Rng.seed(9);
            DropoutKernel.apply(x, 0.1).mul(upstream.to(t)).sum().backward();
            gradients[t == type ? 1 : 0] = x.grad().to(type).toFloats();
        }
        assertThat(gradients[1]).containsExactly(gradients[0]).contains(0f);
    }

    /** The values of 16 bits from 1 to 2, {@code times} over. */
    private static Tensor oneToTwo(DType type, int times) {
        int steps = type == DType.BFLOAT16 ? 128 : 1024;
        float[] values = new float[steps * times];
        for (int i = 0; i < values.length; i++) values[i] = 1 + (i % steps) / (float) steps;
        return Tensor.ofFloats(values, values.length).to(type);
    }
}
