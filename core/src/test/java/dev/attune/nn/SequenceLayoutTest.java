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
    void roundsUpWithFiller() {
        assertThat(rows(5)).isEqualTo(16);
        assertThat(rows(8, 8)).isEqualTo(16);
        assertThat(rows(8, 9)).isEqualTo(32);
        int[] many = new int[40];
        Arrays.setAll(many, b -> 25 + b);
        assertThat(rows(many)).as("1,780 tokens: steps of 32").isEqualTo(1792);
    }

    /** Without padding nothing is made longer: such lengths are few anyway, and need no mask. */
    @Test
    void roundsTheLengthsOfWhatIsPadded() {
        try (Scope scope = Scope.open()) {
            assertThat(longest(SequenceLayout.rounded(new int[] {9, 8, 9}, null)))
                    .isEqualTo(16);
            assertThat(longest(SequenceLayout.rounded(new int[] {9, 9}, null))).isEqualTo(9);
            assertThat(longest(new SequenceLayout(new int[] {9, 8, 9}))).isEqualTo(9);
        }
    }

    private static int longest(SequenceLayout layout) {
        return layout.attention().bins.get(0).keys().longest;
    }

    private static int rows(int... lengths) {
        try (Scope scope = Scope.open()) {
            SequenceLayout layout = SequenceLayout.rounded(lengths, null);
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
