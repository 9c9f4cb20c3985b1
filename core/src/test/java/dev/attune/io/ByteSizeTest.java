package dev.attune.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @Test
    void readsWhatPeopleWrite() {
        assertThat(ByteSize.parse("6GB")).hasValue(6L << 30);
        assertThat(ByteSize.parse(" 500 mb ")).hasValue(500L << 20);
        assertThat(ByteSize.parse("2TiB")).hasValue(2L << 40);
        assertThat(ByteSize.parse("1048576")).hasValue(1 << 20);
        assertThat(ByteSize.parse("3b")).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GB", "-1", "1.5G", "many", "99999999999999999999", "9999999999T", "10 GBit"})
    void whatIsNoSizeIsEmpty(String text) {
        assertThat(ByteSize.parse(text)).isEmpty();
    }

    @Test
    void writesWhatPeopleRead() {
        assertThat(ByteSize.text(17)).isEqualTo("17 bytes");
        assertThat(ByteSize.text(1536)).isEqualTo("1.5 KB");
        assertThat(ByteSize.text(6.0 * (1L << 30))).isEqualTo("6.0 GB");
        assertThat(ByteSize.text(5e15)).isEqualTo("4547.5 TB");
    }
}
