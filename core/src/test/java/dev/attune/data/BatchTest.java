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
    void asksForTheExamplesOfTheEpoch() {
        Examples growing = new Examples() {
            @Override
            public int size() {
                return 2;
            }

            @Override
            public int length(int example) {
                return 1;
            }

            @Override
            public Example get(int example, int epoch) {
                return new Example(new int[] {10 * epoch + example}, new int[1], new int[0], new float[0]);
            }

            @Override
            public int row(int example) {
                return example;
            }

            @Override
            public String where(int example) {
                return "row " + (example + 1);
            }
        };
        assertThat(Batch.of(growing, new int[] {1, 0}, 3, 0).ids()).containsExactly(31, 30);
        try (BatchLoader loader = BatchLoader.of(growing, new int[] {0, 1}, 2, false, 4, 0)) {
            assertThat(loader.iterator().next().ids()).containsExactly(40, 41);
        }
        assertThat(growing.lengths()).containsExactly(1, 1);
    }

    @Test
    void listedExamplesNameTheirRow() {
        Examples listed = Examples.of(List.of(A, B));
        assertThat(listed.size()).isEqualTo(2);
        assertThat(listed.lengths()).containsExactly(3, 1);
        assertThat(listed.row(1)).isEqualTo(1);
        assertThat(listed.where(1)).isEqualTo("row 2");
        assertThat(listed.get(1, 7)).isSameAs(B);
        Dataset data = Datasets.of("x", List.of(java.util.Map.of("a", 1), java.util.Map.of("a", 2)))
                .select(new int[] {1, 0});
        assertThat(listed.from(data).where(0)).isEqualTo("row 2");
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
