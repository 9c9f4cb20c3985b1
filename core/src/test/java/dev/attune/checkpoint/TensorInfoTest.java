package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.tensor.DType;
import org.junit.jupiter.api.Test;

class TensorInfoTest {
    @Test
    void countsElementsAndBytes() {
        TensorInfo info = new TensorInfo("w", DType.BFLOAT16, new long[] {3, 5});
        assertThat(info.elements()).isEqualTo(15);
        assertThat(info.byteSize()).isEqualTo(30);
        assertThat(new TensorInfo("s", DType.INT64, new long[] {}).byteSize()).isEqualTo(8);
        assertThat(new TensorInfo("e", DType.INT64, new long[] {7, 0}).byteSize())
                .isZero();
        assertThat(info).hasToString("w BFLOAT16 [3, 5]");
    }

    @Test
    void theShapeIsACopy() {
        long[] shape = {3};
        TensorInfo info = new TensorInfo("w", DType.INT8, shape);
        shape[0] = 4;
        info.shape()[0] = 5;
        assertThat(info.shape()).containsExactly(3);
        assertThat(info).isEqualTo(new TensorInfo("w", DType.INT8, new long[] {3}));
    }

    @Test
    void largestSizeIsTheLimit() {
        assertThat(new TensorInfo("w", DType.INT8, new long[] {Long.MAX_VALUE}).byteSize())
                .isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> new TensorInfo("w", DType.INT16, new long[] {1L << 62}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
