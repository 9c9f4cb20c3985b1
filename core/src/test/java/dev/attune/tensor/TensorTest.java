package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The operations against values worked out by hand. */
class TensorTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor t(long[] shape, float... values) {
        return Tensor.ofFloats(values, shape);
    }

    private static Tensor v(float... values) {
        return t(new long[] {values.length}, values);
    }

    private static long[] shape(long... shape) {
        return shape;
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void knowsItsTypeAndShape(DType type) {
        Tensor x = Tensor.zeros(type, 2, 3);
        assertThat(x.type()).isEqualTo(type);
        assertThat(x.shape()).containsExactly(2, 3);
        assertThat(x.size(0)).isEqualTo(2);
        assertThat(x.size(-1)).isEqualTo(3);
        assertThat(x.elements()).isEqualTo(6);
        assertThat(x.toLongs()).containsOnly(0).hasSize(6);
        assertThat(x.memory().remaining()).isEqualTo(6 * type.bytes());
        assertThat(x).hasToString("Tensor(" + type + " [2, 3])");
    }

    @Test
    void scalarsAndEmptyTensors() {
        assertThat(Tensor.zeros(DType.FLOAT32).shape()).isEmpty();
        assertThat(Tensor.zeros(DType.FLOAT32).item()).isZero();
        assertThat(Tensor.zeros(DType.FLOAT32, 0, 3).toFloats()).isEmpty();
        assertThat(Tensor.ofInts(new int[0]).toLongs()).isEmpty();
    }

    @Test
    void keepsLongsExactly() {
        long[] values = {Long.MIN_VALUE, -1, 0, (1L << 53) + 1, Long.MAX_VALUE};
        assertThat(Tensor.ofLongs(values, 5).toLongs()).containsExactly(values);
        assertThat(Tensor.ofInts(new int[] {Integer.MIN_VALUE, 7}).toLongs()).containsExactly(Integer.MIN_VALUE, 7);
    }

    @Test
    void arithmetic() {
        Tensor a = v(1, 2, 3);
        Tensor b = v(10, 20, 30);
        assertThat(a.add(b).toFloats()).containsExactly(11, 22, 33);
        assertThat(b.sub(a).toFloats()).containsExactly(9, 18, 27);
        assertThat(a.mul(b).toFloats()).containsExactly(10, 40, 90);
        assertThat(a.mul(0.5).toFloats()).containsExactly(0.5f, 1, 1.5f);
        assertThat(b.div(10).toFloats()).containsExactly(1, 2, 3);
        assertThat(a.sum().item()).isEqualTo(6);
        assertThat(a.mean().item()).isEqualTo(2);
        assertThat(v(3, 4).norm()).isEqualTo(5);
        assertThat(v(3, 4).isFinite()).isTrue();
        assertThat(v(3e38f, 3e38f).isFinite()).as("though the norm overflows").isTrue();
        assertThat(v(1, Float.NaN).isFinite()).isFalse();
        assertThat(v(Float.NEGATIVE_INFINITY, 1).isFinite()).isFalse();
        assertThat(a.toFloats()).containsExactly(1, 2, 3);
    }

    @Test
    void broadcasts() {
        Tensor x = t(shape(2, 2), 1, 2, 3, 4).add(v(10, 20));
        assertThat(x.toFloats()).containsExactly(11, 22, 13, 24);
    }

    @Test
    void matrixProducts() {
        Tensor a = t(shape(2, 3), 1, 2, 3, 4, 5, 6);
        Tensor b = t(shape(3, 2), 1, 0, 0, 1, 1, 1);
        assertThat(a.matmul(b).toFloats()).containsExactly(4, 5, 10, 11);
        Tensor weight = t(shape(2, 3), 1, 0, 1, 0, 1, 1);
        assertThat(a.linear(weight, null).toFloats()).containsExactly(4, 5, 10, 11);
        assertThat(a.linear(weight, v(100, 200)).toFloats()).containsExactly(104, 205, 110, 211);
    }

    @Test
    void shapes() {
        Tensor x = t(shape(2, 3), 1, 2, 3, 4, 5, 6);
        assertThat(x.view(3, 2).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(x.transpose(0, 1).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(x.transpose(0, 1).shape()).containsExactly(3, 2);
        assertThat(x.transpose(0, 1).reshape(6).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(x.narrow(1, 1, 2).toFloats()).containsExactly(2, 3, 5, 6);
        assertThat(Tensor.cat(0, List.of(x, x.narrow(0, 1, 1))).toFloats()).containsExactly(1, 2, 3, 4, 5, 6, 4, 5, 6);
        assertThat(Tensor.cat(1, List.of(x, x.narrow(1, 0, 1))).toFloats()).containsExactly(1, 2, 3, 1, 4, 5, 6, 4);
    }

    @Test
    void aViewSharesItsMemory() {
        Tensor x = Tensor.zeros(DType.FLOAT32, 2, 2);
        x.narrow(0, 1, 1).fillInPlace(5);
        assertThat(x.toFloats()).containsExactly(0, 0, 5, 5);
    }

    @Test
    void rowsAndScatter() {
        Tensor table = t(shape(3, 2), 1, 2, 3, 4, 5, 6);
        Tensor index = Tensor.ofInts(new int[] {2, 0, 2});
        assertThat(table.rows(index).toFloats()).containsExactly(5, 6, 1, 2, 5, 6);
        assertThat(table.embedding(index, -1, false).toFloats()).containsExactly(5, 6, 1, 2, 5, 6);
        Tensor scattered = table.scatterRows(Tensor.ofInts(new int[] {3, 0, 1}), 5);
        assertThat(scattered.shape()).containsExactly(5, 2);
        assertThat(scattered.toFloats()).containsExactly(3, 4, 5, 6, 0, 0, 1, 2, 0, 0);
    }

    @Test
    void rowsAndScatterHaveGradients() {
        Tensor table = t(shape(3, 1), 1, 2, 3).requiresGrad(true);
        Tensor weights = t(shape(3, 1), 10, 20, 30);
        table.rows(Tensor.ofInts(new int[] {2, 0, 2})).mul(weights).sum().backward();
        assertThat(table.grad().toFloats()).containsExactly(20, 0, 40);
        table.clearGrad();
        table.embedding(Tensor.ofInts(new int[] {2, 0, 2}), -1, false)
                .mul(weights)
                .sum()
                .backward();
        assertThat(table.grad().toFloats()).containsExactly(20, 0, 40);
        table.clearGrad();
        // As in nn.Embedding a padding row gets none, whichever form the gradient has.
        for (boolean rowGradient : new boolean[] {false, true}) {
            table.embedding(Tensor.ofInts(new int[] {2, 0, 2}), 2, rowGradient)
                    .mul(weights)
                    .sum()
                    .backward();
            assertThat(table.grad().toFloats()).containsExactly(20, 0, 0);
            table.clearGrad();
        }
        Tensor four = t(shape(4, 1), 10, 20, 30, 40);
        table.scatterRows(Tensor.ofInts(new int[] {3, 0, 1}), 4).mul(four).sum().backward();
        assertThat(table.grad().toFloats()).containsExactly(40, 10, 20);
    }

    @Test
    void rowGradientsHoldTheRowsThatWereUsed() {
        Tensor table = t(shape(4, 2), 1, 2, 3, 4, 5, 6, 7, 8).requiresGrad(true);
        for (int[] ids : new int[][] {{3, 1, 3}, {1, 2, 1}}) {
            Tensor weights = t(shape(3, 2), 1, 10, 2, 20, 4, 40);
            table.embedding(Tensor.ofInts(ids), -1, true).mul(weights).sum().backward();
            if (ids[0] == 3) {
                Tensor first = table.grad();
                assertThat(first.isSparse()).isTrue();
                assertThat(first.sparseRows().toLongs()).containsExactly(1, 3);
                assertThat(first.sparseValues().toFloats()).containsExactly(2, 20, 5, 50);
                assertThat(first.norm()).isCloseTo(Math.sqrt(4 + 400 + 25 + 2500), within(1e-5));
            }
        }
        Tensor both = table.grad();
        assertThat(both.sparseRows().toLongs()).as("a second batch adds").containsExactly(1, 2, 3);
        assertThat(both.shape()).containsExactly(4, 2);
        assertThat(both.toFloats()).containsExactly(0, 0, 7, 70, 2, 20, 5, 50);
        assertThat(both.toDense().isSparse()).isFalse();
        table.clearGrad();
        assertThat(table.grad()).isNull();
    }

    @Test
    void rowsInPlaceReplacesRows() {
        Tensor table = t(shape(3, 2), 1, 2, 3, 4, 5, 6).requiresGrad(true);
        table.rowsInPlace(Tensor.ofInts(new int[] {2, 0}), t(shape(2, 2), 10, 20, 30, 40));
        assertThat(table.toFloats()).containsExactly(30, 40, 3, 4, 10, 20);
    }

    @Test
    void scatterKeepsTheType() {
        Tensor half = t(shape(1, 2), 1, 2).to(DType.BFLOAT16);
        assertThat(half.scatterRows(Tensor.ofInts(new int[] {1}), 2).type()).isEqualTo(DType.BFLOAT16);
    }

    @Test
    void layerNorm() {
        Tensor x = t(shape(1, 4), 1, 2, 3, 4);
        float[] y = x.layerNorm(v(1, 1, 2, 1), v(0, 0, 0, 10), 0).toFloats();
        float unit = (float) (1 / Math.sqrt(1.25)); // deviation of 1, 2, 3, 4
        assertThat(y).containsExactly(new float[] {-1.5f * unit, -0.5f * unit, unit, 10 + 1.5f * unit}, within(1e-6f));
    }

    @Test
    void softmaxAndArgmax() {
        Tensor x = t(shape(2, 2), 0, (float) Math.log(3), 5, 5);
        assertThat(Activations.softmax(x, -1).toFloats())
                .containsExactly(new float[] {0.25f, 0.75f, 0.5f, 0.5f}, within(1e-6f));
        assertThat(t(shape(2, 3), 1, 9, 3, 7, 5, 6).argmax().toLongs()).containsExactly(1, 0);
    }

    /** Values from the reference implementation. */
    @Test
    void activations() {
        float[] x = {-3, -1, -.5f, .5f, 1, 3};
        assertThat(Activations.gelu(v(x)).toFloats())
                .containsExactly(
                        new float[] {-.004049694f, -.158655254f, -.154268769f, .345731231f, .841344746f, 2.995950306f},
                        within(1e-6f));
        assertThat(Activations.geluTanh(v(x)).toFloats())
                .containsExactly(
                        new float[] {-.003637392f, -.158808009f, -.154285990f, .345714010f, .841191991f, 2.996362608f},
                        within(1e-6f));
        assertThat(Activations.relu(v(x)).toFloats()).containsExactly(0, 0, 0, .5f, 1, 3);
        for (int i = 0; i < x.length; i++) {
            double sigmoid = 1 / (1 + Math.exp(-x[i]));
            assertThat((double) Activations.tanh(v(x)).toFloats()[i]).isCloseTo(Math.tanh(x[i]), within(1e-6));
            assertThat((double) Activations.sigmoid(v(x)).toFloats()[i]).isCloseTo(sigmoid, within(1e-6));
            assertThat((double) Activations.silu(v(x)).toFloats()[i]).isCloseTo(x[i] * sigmoid, within(1e-6));
        }
    }

    @Test
    void crossEntropyIsASum() {
        Tensor logits = t(shape(3, 2), 0, (float) Math.log(3), 0, 0, 100, 0);
        double a = -Math.log(0.75);
        double b = -Math.log(0.5);
        Tensor classes = Tensor.ofInts(new int[] {1, 0, 0});
        assertThat(Losses.crossEntropySum(logits, classes, 0).item()).isCloseTo(a + b, within(1e-6));
        Tensor ignored = Tensor.ofInts(new int[] {1, -100, -100});
        assertThat(Losses.crossEntropySum(logits, ignored, 0).item()).isCloseTo(a, within(1e-6));
        // Smoothing s: (1-s) of the true class and s of the mean over classes.
        Tensor one = logits.narrow(0, 0, 1);
        double mean = (-Math.log(0.75) - Math.log(0.25)) / 2;
        assertThat(Losses.crossEntropySum(one, Tensor.ofInts(new int[] {1}), 0.2)
                        .item())
                .isCloseTo(0.8 * a + 0.2 * mean, within(1e-6));
    }

    @Test
    void otherLossesAreSums() {
        assertThat(Losses.squaredErrorSum(v(1, 2), v(3, 5)).item()).isEqualTo(13);
        double expected = -Math.log(0.75) - Math.log(0.25);
        assertThat(Losses.binaryCrossEntropySum(v((float) Math.log(3), (float) Math.log(3)), v(1, 0))
                        .item())
                .isCloseTo(expected, within(1e-6));
    }

    @Test
    void memoryIsTheTensorItself() {
        Tensor x = v(1, 2, 3);
        ByteBuffer memory = x.memory();
        assertThat(memory.getFloat(4)).isEqualTo(2);
        memory.putFloat(4, 20);
        assertThat(x.toFloats()).containsExactly(1, 20, 3);
        assertThat(Tensor.ofLongs(new long[] {1L << 40}, 1).memory().getLong(0)).isEqualTo(1L << 40);
    }

    @Test
    void fusedAttentionAgreesWithItsFormula() {
        Tensor q = t(shape(1, 1, 2, 2), 1, 0, 0, 1);
        Tensor v = t(shape(1, 1, 2, 2), 1, 2, 3, 4);
        float[] fused =
                AttentionKernel.apply(q, q, v, null, 1 / Math.sqrt(2), false).toFloats();
        float[] formula = Activations.softmax(q.matmul(q.transpose(2, 3)).mul(1 / Math.sqrt(2)), -1)
                .matmul(v)
                .toFloats();
        assertThat(fused).containsExactly(formula, within(1e-6f));
    }

    @Test
    void aCausalMaskShowsWhatIsNotBehindAndNotTooFarAhead() {
        assertThat(AttentionKernel.causalMask(3, 0, -9).toFloats()).containsExactly(0, -9, -9, 0, 0, -9, 0, 0, 0);
        assertThat(AttentionKernel.causalMask(3, 2, -9).toFloats()).containsExactly(0, -9, -9, 0, 0, -9, -9, 0, 0);
        assertThat(AttentionKernel.causalMask(3, 1, -9).shape()).containsExactly(1, 1, 3, 3);
    }
}
