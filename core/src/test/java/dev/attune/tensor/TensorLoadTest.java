package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes of a file become values of a parameter. */
class TensorLoadTest {
    private static final float[] VALUES = {1, -2.5f, 0.15625f, 65504, -0f, 3};

    private static ByteBuffer buffer(boolean direct, int bytes) {
        return (direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static float[] loaded(ByteBuffer source, DType type) {
        try (Scope scope = Scope.open()) {
            Tensor t = Tensor.zeros(DType.FLOAT32, 2, 3).requiresGrad(true);
            t.load(source, type);
            assertThat(t.requiresGrad()).isTrue();
            return t.toFloats();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void float32(boolean direct) {
        ByteBuffer b = buffer(direct, 24);
        for (float value : VALUES) b.putFloat(value);
        assertThat(loaded(b.flip(), DType.FLOAT32)).containsExactly(VALUES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void float64(boolean direct) {
        ByteBuffer b = buffer(direct, 48);
        for (float value : VALUES) b.putDouble(value);
        assertThat(loaded(b.flip(), DType.FLOAT64)).containsExactly(VALUES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void float16(boolean direct) {
        ByteBuffer b = buffer(direct, 12);
        for (int bits : new int[] {0x3C00, 0xC100, 0x3100, 0x7BFF, 0x8000, 0x4200}) b.putShort((short) bits);
        assertThat(loaded(b.flip(), DType.FLOAT16)).containsExactly(VALUES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bfloat16(boolean direct) {
        ByteBuffer b = buffer(direct, 12);
        float[] values = {1, -2.5f, 0.15625f, 65536, -0f, 3};
        for (float value : values) b.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        assertThat(loaded(b.flip(), DType.BFLOAT16)).containsExactly(values);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void startsAtThePositionAndLeavesItThere(boolean direct) {
        ByteBuffer b = buffer(direct, 40);
        for (int i = 0; i < 10; i++) b.putFloat(i);
        b.position(8).limit(32);
        assertThat(loaded(b, DType.FLOAT32)).containsExactly(2, 3, 4, 5, 6, 7);
        assertThat(b.position()).isEqualTo(8);
        assertThat(b.limit()).isEqualTo(32);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readOnlyAndSlicedBuffersWork(boolean direct) {
        ByteBuffer b = buffer(direct, 32);
        for (int i = 0; i < 8; i++) b.putFloat(i);
        ByteBuffer slice = b.position(4).limit(28).slice().asReadOnlyBuffer();
        assertThat(loaded(slice, DType.FLOAT32)).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void intoABfloat16Tensor() {
        try (Scope scope = Scope.open()) {
            ByteBuffer b = buffer(true, 4).putFloat(1.00390625f).flip(); // 1 + 2^-8 lies between two bf16 numbers
            Tensor t = Tensor.zeros(DType.BFLOAT16, 1);
            t.load(b, DType.FLOAT32);
            assertThat(t.toFloats()).containsExactly(1f);
        }
    }

    @Test
    void isACopy() {
        try (Scope scope = Scope.open()) {
            ByteBuffer b = buffer(true, 4).putFloat(0, 5);
            Tensor t = Tensor.zeros(DType.FLOAT32, 1);
            t.load(b, DType.FLOAT32);
            b.putFloat(0, 6);
            assertThat(t.toFloats()).containsExactly(5);
        }
    }
}
