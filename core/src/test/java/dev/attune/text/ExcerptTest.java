package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {
    @Test
    void isTheTextOrItsBeginning() {
        assertThat(Excerpt.of("", 3)).isEmpty();
        assertThat(Excerpt.of("abc", 3)).isEqualTo("abc");
        assertThat(Excerpt.of("abcd", 3)).isEqualTo("ab…");
        assertThat(Excerpt.of("abcd", 0)).isEqualTo("…");
    }

    @Test
    void countsAndCutsCodePoints() {
        assertThat(Excerpt.of("🐶🐶🐶", 3)).isEqualTo("🐶🐶🐶");
        assertThat(Excerpt.of("🐶🐶🐶🐶", 3)).isEqualTo("🐶🐶…");
    }
}
