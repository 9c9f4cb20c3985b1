package dev.attune.job.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShortenedTest {
    @Test
    void beginningAndEndStay() {
        assertThat(Shortened.of("a  text\non lines ", 20)).isEqualTo("a text on lines");
        assertThat(Shortened.of("0123456789abcdefghij!", 18)).isEqualTo("0123456789 … ghij!");
        assertThat(Shortened.of("😀".repeat(40), 12)).isEqualTo("😀".repeat(6) + " … " + "😀".repeat(3));
    }

    @Test
    void longTextsAreNotLookedAtWhole() {
        assertThat(Shortened.of(" ".repeat(10_000) + "end", 12)).isEqualTo("… end");
        assertThat(Shortened.of("x".repeat(1_000_000), 12)).isEqualTo("xxxxxx … xxx");
    }

    @Test
    void amountsHaveFewDigits() {
        assertThat(Amounts.seconds(0.0213)).isEqualTo("0.021 s");
        assertThat(Amounts.seconds(7.26)).isEqualTo("7.3 s");
        assertThat(Amounts.seconds(48.2)).isEqualTo("48 s");
        assertThat(Amounts.seconds(754)).isEqualTo("13 min");
        assertThat(Amounts.seconds(12_345)).isEqualTo("3.4 h");
        assertThat(Amounts.bytes(512)).isEqualTo("512 B");
        assertThat(Amounts.bytes(90_900_000)).isEqualTo("90.9 MB");
        assertThat(Amounts.bytes(999_999)).isEqualTo("1.0 MB");
        assertThat(Amounts.bytes(1_234_000_000_000L)).isEqualTo("1.2 TB");
    }
}
