package dev.attune.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.tensor.Scope;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SequenceLayoutTest {
    @Test
    void countsTokensAndPositions() {
        try (Scope scope = Scope.open()) {
            SequenceLayout layout = new SequenceLayout(new int[] {3, 1, 2});
            assertThat(layout.tokens()).isEqualTo(6);
            assertThat(layout.sequences()).isEqualTo(3);
            assertThat(layout.longest()).isEqualTo(3);
            assertThat(layout.positions().toLongs()).containsExactly(0, 1, 2, 0, 0, 1);
            assertThat(layout.firstTokens().toLongs()).containsExactly(0, 3, 4);
        }
    }

    @Test
    void doesNotSeeLaterChangesOfTheArray() {
        try (Scope scope = Scope.open()) {
            int[] lengths = {2, 1};
            SequenceLayout layout = new SequenceLayout(lengths);
            lengths[0] = 9;
            assertThat(layout.positions().toLongs()).containsExactly(0, 1, 0);
            assertThat(layout.firstTokens().toLongs()).containsExactly(0, 2);
        }
    }

    @Test
    void roundsUpWhereAttentionIsPaddedAnyway() {
        assertThat(rows(8, 3, 8, 2)).as("21 tokens").isEqualTo(32);
        assertThat(rows(8, 5)).as("13 tokens, 3 places of padding").isEqualTo(16);
        assertThat(rows(9, 8)).as("17 tokens in a grid of 2 x 16: 15 places").isEqualTo(32);
        assertThat(rows(8, 8)).as("no padding").isEqualTo(16);
        assertThat(rows(7, 7)).as("no padding is made for it").isEqualTo(14);
        assertThat(rows(5)).as("one text").isEqualTo(5);
        assertThat(rows(8, 7)).as("15 tokens, one place of padding").isEqualTo(16);
        assertThat(rows(8, 8, 8, 7, 8, 8)).as("47 tokens, one place").isEqualTo(48);
        assertThat(rows(8, 8, 8, 7, 8, 2)).as("41 tokens, 7 places").isEqualTo(48);
        int[] many = new int[40]; // 40 · 45 tokens: steps of 32
        Arrays.setAll(many, b -> 25 + b);
        assertThat(rows(many)).as("1,780 tokens").isEqualTo(1792);
        assertThat(rows(120, 3, 3, 118, 3, 4, 3, 3))
                .as("257 tokens in two bins, room for 15 of them")
                .isEqualTo(272);
    }

    private static int rows(int... lengths) {
        try (Scope scope = Scope.open()) {
            SequenceLayout layout = SequenceLayout.rounded(lengths);
            assertThat(layout.positions().shape()).containsExactly(layout.rows());
            assertThat(layout.tokens()).isEqualTo(Arrays.stream(lengths).sum());
            return layout.rows();
        }
    }

    @Test
    void refusesEmptySequences() {
        for (int[] lengths : new int[][] {{}, {3, 0}, {-1}}) {
            long before = Scope.liveHandles();
            assertThatThrownBy(() -> new SequenceLayout(lengths))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least one token");
            assertThat(Scope.liveHandles()).isEqualTo(before);
        }
    }
}
