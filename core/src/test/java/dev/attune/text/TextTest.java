package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void leavesGoodTextAlone() {
        String text = "naïve 😀 日本 \t\n";
        assertThat(Text.isClean(text)).isTrue();
        assertThat(Text.clean(text)).isSameAs(text);
        assertThat(Text.clean("")).isEmpty();
    }

    @Test
    void replacesHalvesOfPairsAndNulOneForOne() {
        String smile = "😀";
        char high = smile.charAt(0);
        char low = smile.charAt(1);
        assertThat(Text.clean("a" + high)).isEqualTo("a\uFFFD");
        assertThat(Text.clean(low + "b")).isEqualTo("\uFFFDb");
        assertThat(Text.clean("" + low + high)).isEqualTo("\uFFFD\uFFFD");
        assertThat(Text.clean("" + high + smile + low)).isEqualTo("\uFFFD" + smile + "\uFFFD");
        assertThat(Text.clean("a\0b")).isEqualTo("a\uFFFDb");
        assertThat(Text.isClean("a\0b")).isFalse();
        assertThat(Text.isClean("" + high + high)).isFalse();
    }
}
