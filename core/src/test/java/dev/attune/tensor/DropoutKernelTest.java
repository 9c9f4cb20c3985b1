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
    private static final long SITE = 5;

    private Scope scope;
    private long seed;

    @BeforeEach
    void open() {
        scope = Scope.open();
        seed = System.nanoTime() & 0xFFFFFF;
        System.out.println("DropoutKernelTest seed " + seed);
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor ones(long... shape) {
        Tensor t = Tensor.zeros(DType.FLOAT32, shape);
        t.fillInPlace(1);
        return t;
    }

    private Tensor keys(int rows) {
        long[] keys = new long[rows];
        for (int row = 0; row < rows; row++) keys[row] = SplitMix64.at(seed, row) | 1;
        return Tensor.ofLongs(keys, rows, 1);
    }

    /** What stays of ones (R, C). */
    private float[] kept(int rows, int columns, double p) {
        return DropoutKernel.apply(ones(rows, columns), p, keys(rows), SITE).toFloats();
    }

    /** The probability in force is a multiple of 2^-16. */
    private static double stepped(double p) {
        return Math.round(p * 65536) / 65536.0;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.1, 0.25, 0.5, 0.9, 0.99})
    void dropsTheShareItPromisesAndScalesTheRestExactly(double p) {
        int n = 1000 * 403;
        float[] y = kept(1000, 403, p);
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

    /** Zeros of each row and of each column scatter as those of coins do: what is alike in one would widen it. */
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5})
    void rowsAndColumnsScatterAsCoinsDo(double p) {
        int rows = 4000;
        int columns = 768;
        float[] y = kept(rows, columns, p);
        double[] ofRow = new double[rows];
        double[] ofColumn = new double[columns];
        for (int i = 0; i < y.length; i++) {
            if (y[i] != 0) continue;
            ofRow[i / columns]++;
            ofColumn[i % columns]++;
        }
        scatters(ofRow, columns, stepped(p));
        scatters(ofColumn, rows, stepped(p));
    }

    private static void scatters(double[] zeros, int of, double p) {
        double chi = 0;
        for (double count : zeros) chi += Math.pow(count - of * p, 2) / (of * p * (1 - p));
        assertThat(chi / zeros.length).isCloseTo(1, within(6 * Math.sqrt(2.0 / zeros.length)));
    }

    /** Of two columns, whatever their distance, half are alike: one product serves four neighbours, one key a row. */
    @Test
    void columnsAreIndependent() {
        int rows = 20_000;
        int columns = 40;
        float[] y = kept(rows, columns, 0.5);
        for (int a = 0; a < columns; a++) {
            for (int b = a + 1; b < columns; b++) {
                int equal = 0;
                for (int row = 0; row < rows; row++) {
                    if ((y[row * columns + a] == 0) == (y[row * columns + b] == 0)) equal++;
                }
                assertThat((double) equal).as("%d and %d", a, b).isCloseTo(rows / 2.0, within(6 * Math.sqrt(rows) / 2));
            }
        }
    }

    @Test
    void rowsAreIndependent() {
        int columns = 20_000;
        float[] y = kept(12, columns, 0.5);
        for (int a = 0; a < 12; a++) {
            for (int b = a + 1; b < 12; b++) halfAreAlike(y, a * columns, y, b * columns, columns);
        }
    }

    @Test
    void placesInTheModelAreIndependent() {
        int n = 200 * 400;
        float[][] y = new float[8][];
        for (int site = 0; site < y.length; site++) {
            y[site] = DropoutKernel.apply(ones(200, 400), 0.5, keys(200), site).toFloats();
        }
        for (int a = 0; a < y.length; a++) for (int b = a + 1; b < y.length; b++) halfAreAlike(y[a], 0, y[b], 0, n);
    }

    @Test
    void headsThatShareAKeyAreIndependent() {
        Tensor keys = keys(2 * 50).view(2, 1, 50, 1);
        float[] y = DropoutKernel.apply(ones(2, 4, 50, 600), 0.5, keys, SITE).toFloats();
        int head = 50 * 600;
        for (int a = 0; a < 8; a++) for (int b = a + 1; b < 8; b++) halfAreAlike(y, a * head, y, b * head, head);
    }

    private static void halfAreAlike(float[] a, int fromA, float[] b, int fromB, int n) {
        int equal = 0;
        for (int i = 0; i < n; i++) if ((a[fromA + i] == 0) == (b[fromB + i] == 0)) equal++;
        assertThat((double) equal).isCloseTo(n / 2.0, within(6 * Math.sqrt(n) / 2));
    }

    /** A row is dropped by its key and by nothing else: not by its place, its neighbours or its length. */
    @Test
    void aRowIsDroppedAlikeAnywhere() {
        Tensor keys = keys(9);
        float[] all = DropoutKernel.apply(ones(9, 30), 0.5, keys, SITE).toFloats();
        float[] one = DropoutKernel.apply(ones(1, 30), 0.5, keys.narrow(0, 4, 1), SITE)
                .toFloats();
        assertThat(one).containsExactly(java.util.Arrays.copyOfRange(all, 4 * 30, 5 * 30));
        float[] shorter = DropoutKernel.apply(ones(9, 13), 0.5, keys, SITE).toFloats();
        for (int row = 0; row < 9; row++) {
            for (int c = 0; c < 13; c++) assertThat(shorter[row * 13 + c]).isEqualTo(all[row * 30 + c]);
        }
    }

    @Test
    void gradientIsMaskTimesScale() {
        int n = 7 * 143;
        Tensor x = ones(7, 143).requiresGrad(true);
        float[] upstream = new float[n];
        for (int i = 0; i < n; i++) upstream[i] = i - 500;
        Tensor y = DropoutKernel.apply(x, 0.4, keys(7), SITE);
        y.mul(Tensor.ofFloats(upstream, 7, 143)).sum().backward();
        float[] mask = y.toFloats(); // x is 1, so y is mask times scale
        float[] gradient = x.grad().toFloats();
        for (int i = 0; i < n; i++) assertThat(gradient[i]).isEqualTo(mask[i] * upstream[i] + 0f);
    }

    @Test
    void multipliesTheInput() {
        int n = 500;
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = i + 1;
        float[] y = DropoutKernel.apply(Tensor.ofFloats(values, 20, 25), 0.5, keys(20), SITE)
                .toFloats();
        for (int i = 0; i < n; i++) assertThat(y[i]).isIn(0f, 2f * values[i]);
    }

    @Test
    void zeroProbabilityIsTheSameTensor() {
        Tensor x = ones(3, 2);
        assertThat(DropoutKernel.apply(x, 0, keys(3), SITE)).isSameAs(x);
        assertThat(DropoutKernel.drops(0)).isFalse();
        assertThat(DropoutKernel.drops(1e-7)).isFalse();
        assertThat(DropoutKernel.drops(1e-4)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
    void anyNumberOfElements(int n) {
        for (DType type : new DType[] {DType.FLOAT32, DType.BFLOAT16}) {
            Tensor y = DropoutKernel.apply(ones(3, n).to(type), 0.5, keys(3), SITE);
            assertThat(y.shape()).containsExactly(3, n);
            for (float value : y.toFloats()) assertThat(value).isIn(0f, 2f);
        }
    }

    @Test
    void noRowsAreNoRows() {
        assertThat(DropoutKernel.apply(Tensor.zeros(DType.FLOAT32, 0, 5), 0.5, keys(0), SITE)
                        .shape())
                .containsExactly(0, 5);
    }

    @Test
    void keepsTypeAndShape() {
        for (DType type : new DType[] {DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16, DType.FLOAT64}) {
            Tensor y = DropoutKernel.apply(ones(3, 5).to(type), 0.5, keys(3), SITE);
            assertThat(y.type()).isEqualTo(type);
            assertThat(y.shape()).containsExactly(3, 5);
            for (float value : y.toFloats()) assertThat(value).isIn(0f, 2f);
        }
    }

    @Test
    void worksOnATransposedTensor() {
        Tensor x = Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).transpose(0, 1);
        float[] y = DropoutKernel.apply(x, 0.5, keys(3), SITE).toFloats();
        float[] values = {1, 4, 2, 5, 3, 6};
        for (int i = 0; i < 6; i++) assertThat(y[i]).isIn(0f, 2 * values[i]);
    }

    @Test
    void certaintyDropsAll() {
        assertThat(kept(5, 10, 1)).containsOnly(0);
        assertThat(kept(5, 10, 0.9999999)).containsOnly(0);
    }

    @Test
    void nearCertaintyStaysFinite() {
        double p = 0.9999;
        int n = 2_000_000;
        float[] y = kept(2000, 1000, p);
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
    void leavesNoHandleBehind() {
        long alive = Scope.liveHandles();
        try (Scope turn = Scope.open()) {
            kept(2, 8, 0.5);
        }
        assertThat(Scope.liveHandles()).isEqualTo(alive);
    }

    @Test
    void addToIsDropoutAndSumInTheMemoryOfItsInput() {
        Tensor weight = Tensor.ofFloats(new float[] {1, 2, 3, 4}, 2, 2).requiresGrad(true);
        Tensor residual = Tensor.ofFloats(new float[] {10, 20, 30, 40}, 2, 2).requiresGrad(true);
        Tensor input = ones(2, 2);
        Tensor expected =
                DropoutKernel.apply(input.matmul(weight), 0.5, keys(2), SITE).add(residual);
        Tensor product = input.matmul(weight);
        Tensor sum = DropoutKernel.addTo(residual, product, 0.5, keys(2), SITE);
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
        Tensor residual = ones(1, 3);
        Tensor sum = DropoutKernel.addTo(residual, ones(1, 3).to(DType.BFLOAT16), 0, keys(1), SITE);
        assertThat(sum.type()).isEqualTo(DType.FLOAT32);
        assertThat(sum.toFloats()).containsExactly(2, 2, 2);
        assertThat(DropoutKernel.addTo(residual, ones(1, 3), 1, keys(1), SITE).toFloats())
                .containsExactly(1, 1, 1);
    }

    /** Every value of 16 bits from 1 to 2 is scaled in 32 bits and rounded once: the scale itself is not rounded. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"BFLOAT16", "FLOAT16"})
    void sixteenBitsDropTheSameElementsAndScaleExactly(DType type) {
        Tensor x = oneToTwo(type, 20);
        for (double p : new double[] {0.1, 0.25, 0.3}) {
            Tensor wide = DropoutKernel.apply(x.to(DType.FLOAT32), p, keys(20), SITE);
            Tensor narrow = DropoutKernel.apply(x, p, keys(20), SITE);
            assertThat(narrow.type()).isEqualTo(type);
            assertThat(narrow.toFloats())
                    .containsExactly(wide.to(type).toFloats())
                    .contains(0f);
            Tensor sum = DropoutKernel.addTo(x.to(DType.FLOAT32), x.mul(1), p, keys(20), SITE);
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
            DropoutKernel.apply(x, 0.1, keys(20), SITE)
                    .mul(upstream.to(t))
                    .sum()
                    .backward();
            gradients[t == type ? 1 : 0] = x.grad().to(type).toFloats();
        }
        assertThat(gradients[1]).containsExactly(gradients[0]).contains(0f);
    }

    /** The values of 16 bits from 1 to 2, one row for each of so many times. */
    private static Tensor oneToTwo(DType type, int times) {
        int steps = type == DType.BFLOAT16 ? 128 : 1024;
        float[] values = new float[steps * times];
        for (int i = 0; i < values.length; i++) values[i] = 1 + (i % steps) / (float) steps;
        return Tensor.ofFloats(values, times, steps).to(type);
    }
}
