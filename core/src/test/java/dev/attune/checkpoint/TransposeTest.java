package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransposeTest {
    @ParameterizedTest
    @CsvSource({"1,1,4", "3,2,1", "32,32,2", "33,65,4", "70,31,8", "0,5,4", "5,0,4"})
    void rowsBecomeColumns(int rows, int columns, int bytes) {
        ByteBuffer source = ByteBuffer.allocate(rows * columns * bytes);
        for (int i = 0; i < source.capacity(); i++) source.put(i, (byte) (i * 31 + i / 256));
        ByteBuffer turned = Transpose.of(source, rows, columns, bytes);
        assertThat(turned.remaining()).isEqualTo(source.remaining());
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                assertThat(turned.slice((c * rows + r) * bytes, bytes))
                        .isEqualTo(source.slice((r * columns + c) * bytes, bytes));
            }
        }
    }
}
