package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.DataException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    private static final Example A = new Example(new int[] {1, 2, 3}, new int[] {0, 0, 1}, new int[] {7}, new float[0]);
    private static final Example B = new Example(new int[] {4}, new int[] {0}, new int[] {8}, new float[0]);

    @Test
    void packsExamplesEndToEnd() {
        Batch batch = Batch.of(List.of(A, B));
        assertThat(batch.ids()).containsExactly(1, 2, 3, 4);
        assertThat(batch.typeIds()).containsExactly(0, 0, 1, 0);
        assertThat(batch.lengths()).containsExactly(3, 1);
        assertThat(batch.labels()).containsExactly(7, 8);
        assertThat(batch.targets()).isEmpty();
        assertThat(batch.rows()).containsExactly(0, 1);
        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.tokens()).isEqualTo(4);
        assertThat(batch.longest()).isEqualTo(3);
    }

    @Test
    void remembersWhichRowsItHolds() {
        Batch batch = Batch.of(List.of(A, A, B), new int[] {2, 0});
        assertThat(batch.rows()).containsExactly(2, 0);
        assertThat(batch.ids()).containsExactly(4, 1, 2, 3);
    }

    @Test
    void targetsAreRowMajor() {
        Example c = new Example(new int[] {1}, new int[] {0}, new int[0], new float[] {1, 0});
        Example d = new Example(new int[] {2}, new int[] {0}, new int[0], new float[] {0, 1});
        assertThat(Batch.of(List.of(c, d)).targets()).containsExactly(1, 0, 0, 1);
    }

    @Test
    void anExampleNeedsTokens() {
        assertThatThrownBy(() -> new Example(new int[0], new int[0], new int[0], new float[0]))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no tokens");
        assertThatThrownBy(() -> new Example(new int[2], new int[1], new int[0], new float[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 ids but 1 type ids");
    }
}
