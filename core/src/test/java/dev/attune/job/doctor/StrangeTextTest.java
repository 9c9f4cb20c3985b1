package dev.attune.job.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StrangeTextTest {
    private static List<StrangeText> of(String text) {
        int found = StrangeText.of(text);
        return Arrays.stream(StrangeText.values())
                .filter(kind -> kind.isIn(found))
                .toList();
    }

    @Test
    void mostTextsAreNotStrange() {
        for (String text : List.of(
                "a text",
                "tabs\tand\r\nlines",
                "é ü Ω 日本 हिन्दी عربى",
                "family 👨‍👩‍👧 and می‌خواهم with joiners",
                "no-break\u00a0space",
                "Âme, Ãlso")) {
            assertThat(of(text)).as(text).isEmpty();
        }
    }

    @Test
    void strangeOnesAreNamed() {
        assertThat(of("")).containsExactly(StrangeText.EMPTY);
        assertThat(of(" \n\t")).containsExactly(StrangeText.ONLY_SPACES);
        assertThat(of("\u00a0\u200b\u00a0")).containsExactly(StrangeText.NOTHING_VISIBLE, StrangeText.INVISIBLE);
        assertThat(of("a\u0000b")).containsExactly(StrangeText.CONTROL);
        assertThat(of("a\u001bb\u0085")).containsExactly(StrangeText.CONTROL);
        assertThat(of("half \ud83d")).containsExactly(StrangeText.LONE_SURROGATE);
        assertThat(of("half \udc00 😀")).containsExactly(StrangeText.LONE_SURROGATE);
        assertThat(of("caf\ufffd")).containsExactly(StrangeText.REPLACEMENT);
        assertThat(of("\ufeffbegin")).containsExactly(StrangeText.BYTE_ORDER_MARK);
        assertThat(of("turned \u202e around")).containsExactly(StrangeText.INVISIBLE);
        assertThat(of("cafÃ© for 5 Â£")).containsExactly(StrangeText.MOJIBAKE);
        assertThat(of("x".repeat(StrangeText.LONG + 1))).containsExactly(StrangeText.VERY_LONG);
        assertThat(of("x".repeat(StrangeText.LONG))).isEmpty();
    }
}
