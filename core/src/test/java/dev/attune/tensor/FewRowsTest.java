package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against sums in 64 bits. */
class FewRowsTest {
    private final Random random = new Random(7);

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) numbers[i] = (float) random.nextGaussian();
        return numbers;
    }

    /** The same table (out, in), stored column by column as GPT-2 has it. */
    private static Tensor turned(float[] w, int out, int in) {
        float[] columns = new float[w.length];
        for (int i = 0; i < w.length; i++) columns[i % in * out + i / in] = w[i];
        return Tensor.ofFloats(columns, in, out).transpose(0, 1);
    }

    /** The last two are cut into parts. */
    @ParameterizedTest
    @CsvSource({
        "1, 5, 7",
        "2, 5, 7",
        "3, 64, 1",
        "4, 1, 9",
        "5, 6, 7",
        "1, 1100, 4000",
        "2, 1100, 4000",
        "4, 1100, 4000"
    })
    void isTheProductOfTheMatrices(int rows, int in, int out) {
        float[] x = numbers(rows * in), w = numbers(out * in), b = numbers(out);
        try (Scope scope = Scope.open()) {
            Tensor input = Tensor.ofFloats(x, rows, in), weight = Tensor.ofFloats(w, out, in);
            Tensor turned = turned(w, out, in);
            Tensor bias = Tensor.ofFloats(b, out);
            Grad.off(() -> {
                assertThat(FewRows.suit(input.handle(), weight.handle())).isEqualTo(rows <= 4);
                float[] plain = input.linear(weight, null).toFloats();
                float[] shifted = input.linear(weight, bias).toFloats();
                float[] ofTurned = input.linear(turned, bias).toFloats();
                for (int i = 0; i < rows * out; i += 1 + out / 100) {
                    double sum = 0;
                    for (int k = 0; k < in; k++) sum += (double) x[i / out * in + k] * w[i % out * in + k];
                    double expected = sum + b[i % out];
                    assertThat((double) plain[i]).isCloseTo(sum, within(1e-4));
                    assertThat((double) shifted[i]).isCloseTo(expected, within(1e-4));
                    assertThat((double) ofTurned[i]).isCloseTo(expected, within(1e-4));
                }
                assertThat(bias.toFloats()).as("the bias stays as it is").containsExactly(b);
            });
        }
    }

    @Test
    void gradientsAndSixteenBitsAreOfOthers() {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.ofFloats(numbers(6), 2, 3), w = Tensor.ofFloats(numbers(12), 4, 3);
            assertThat(FewRows.suit(x.handle(), w.handle())).as("with a graph").isFalse();
            Grad.off(() -> {
                assertThat(Autocast.run(DType.BFLOAT16, () -> FewRows.suit(x.handle(), w.handle())))
                        .isFalse();
                Tensor half = w.to(DType.BFLOAT16);
                assertThat(FewRows.suit(x.to(DType.BFLOAT16).handle(), half.handle()))
                        .isFalse();
                assertThat(FewRows.suit(x.reshape(1, 2, 3).handle(), w.handle()))
                        .isFalse();
            });
        }
    }
}
