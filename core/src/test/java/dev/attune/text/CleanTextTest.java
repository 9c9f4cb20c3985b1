package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CleanTextTest {
    @Test
    void leavesGoodTextAlone() {
        String text = "naïve 😀 日本 \t\n";
        assertThat(CleanText.isClean(text)).isTrue();
        assertThat(CleanText.clean(text)).isSameAs(text);
        assertThat(CleanText.clean("")).isEmpty();
    }

    @Test
    void replacesHalvesOfPairsAndNulOneForOne() {
        String smile = "😀";
        char high = smile.charAt(0);
        char low = smile.charAt(1);
        assertThat(CleanText.clean("a" + high)).isEqualTo("a\uFFFD");
        assertThat(CleanText.clean(low + "b")).isEqualTo("\uFFFDb");
        assertThat(CleanText.clean("" + low + high)).isEqualTo("\uFFFD\uFFFD");
        assertThat(CleanText.clean("" + high + smile + low)).isEqualTo("\uFFFD" + smile + "\uFFFD");
        assertThat(CleanText.clean("a\0b")).isEqualTo("a\uFFFDb");
        assertThat(CleanText.isClean("a\0b")).isFalse();
        assertThat(CleanText.isClean("" + high + high)).isFalse();
    }
}
