package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LengthOrderTest {
    @Test
    void longestFirstAndEqualOnesInTheirOrder() {
        assertThat(LengthOrder.falling(new int[] {2, 5, 2, 7, 5})).containsExactly(3, 1, 4, 0, 2);
    }

    @Test
    void aBatchHoldsSoManyTokensAndALongerExampleIsOneOfItsOwn() {
        int[] lengths = {30, 4, 4, 4, 4};
        assertThat(LengthOrder.starts(lengths, LengthOrder.falling(lengths), 9)).containsExactly(0, 1, 3, 5);
    }

    /** 4 + 4 are half of 16: the threes begin a batch of their own; 3 alone is less than half and takes the ones. */
    @Test
    void aBatchThatIsHalfFullEndsWhereTheLengthChanges() {
        int[] lengths = {4, 4, 3, 1, 1};
        assertThat(LengthOrder.starts(lengths, LengthOrder.falling(lengths), 16))
                .containsExactly(0, 2, 5);
    }
}
