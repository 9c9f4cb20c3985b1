package dev.attune.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArgumentRangeTest {
    @Test
    void rangesSayWhatTheyHold() {
        assertThat(ArgumentRange.parse("[0, 1)").words()).isEqualTo("at least 0 and less than 1");
        assertThat(ArgumentRange.parse("[0, 1]").words()).isEqualTo("from 0 to 1");
        assertThat(ArgumentRange.parse("(0, inf)").words()).isEqualTo("greater than 0");
        assertThat(ArgumentRange.FINITE.words()).isEmpty();
        assertThat(ArgumentRange.FINITE.contains(Double.POSITIVE_INFINITY)).isFalse();
        assertThat(ArgumentRange.FINITE.contains(Double.NaN)).isFalse();
        assertThat(ArgumentRange.parse("[0, 1)").contains(1)).isFalse();
    }
}
