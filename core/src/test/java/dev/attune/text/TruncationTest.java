package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.text.Truncation.Range;
import dev.attune.text.Truncation.Side;
import org.junit.jupiter.api.Test;

class TruncationTest {
    @Test
    void longestFirstTakesFromTheLongerText() {
        assertThat(Truncation.longestFirst(3, 4, 10)).containsExactly(3, 4);
        assertThat(Truncation.longestFirst(3, 20, 10)).containsExactly(3, 7);
        assertThat(Truncation.longestFirst(20, 3, 10)).containsExactly(7, 3);
        assertThat(Truncation.longestFirst(20, 20, 11)).containsExactly(5, 6);
        assertThat(Truncation.longestFirst(30, 20, 11)).containsExactly(6, 5);
        assertThat(Truncation.longestFirst(30, 10, 11)).containsExactly(6, 5);
        assertThat(Truncation.longestFirst(8, 9, 10)).containsExactly(5, 5);
        assertThat(Truncation.longestFirst(20, 0, 7)).containsExactly(7, 0);
    }

    @Test
    void windowsOverlapByTheStrideAndEndAtTheEnd() {
        assertThat(Truncation.windows(10, 4, 1, Side.RIGHT))
                .containsExactly(new Range(0, 4), new Range(3, 7), new Range(6, 10));
        assertThat(Truncation.windows(9, 4, 0, Side.RIGHT))
                .containsExactly(new Range(0, 4), new Range(4, 8), new Range(8, 9));
        assertThat(Truncation.windows(9, 4, 0, Side.LEFT))
                .containsExactly(new Range(5, 9), new Range(1, 5), new Range(0, 1));
    }
}
