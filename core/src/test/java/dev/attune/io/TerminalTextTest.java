package dev.attune.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTextTest {
    @Test
    void whatSteersATerminalBecomesVisible() {
        assertThat(TerminalText.line("\u001b[2J\u0007a\u0000b\u007f\u009b31m\rc\nd\te"))
                .isEqualTo("\\x1b[2J\\x07a\\x00b\\x7f\\x9b31m\\rc\\nd\\te");
        assertThat(TerminalText.line("user\u202e txt\u2066.\u2069 \u2028"))
                .isEqualTo("user\\u202e txt\\u2066.\\u2069 \\u2028");
    }

    @Test
    void blocksKeepTheirLines() {
        assertThat(TerminalText.block("a\r\n\tb\n\u001b]0;x\u0007\rc\r")).isEqualTo("a\r\n\tb\n\\x1b]0;x\\x07\\rc\\r");
    }

    @Test
    void textOfAnyLanguageStaysAsItIs() {
        for (String text :
                new String[] {"", "Grüße, 100 % \\x1b", "שלום\u200f", "می\u200cخواهم", "👩\u200d💻 😀", "日本語"}) {
            assertThat(TerminalText.line(text)).isSameAs(text);
            assertThat(TerminalText.block(text)).isSameAs(text);
        }
    }
}
