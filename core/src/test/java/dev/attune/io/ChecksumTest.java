package dev.attune.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumTest {
    @TempDir
    Path folder;

    private String of(byte[] bytes) throws IOException {
        return Checksum.of(Files.write(folder.resolve("file"), bytes));
    }

    /** The check value of CRC-32C in catalogues, and of nothing. */
    @Test
    void isTheStandardOne() throws IOException {
        assertThat(of("123456789".getBytes(StandardCharsets.US_ASCII))).isEqualTo("e3069283");
        assertThat(of(new byte[0])).isEqualTo("00000000");
    }

    @Test
    void eachBitCountsWhereverItIs() throws IOException {
        byte[] bytes = new byte[3_000_001]; // some buffers and a rest
        new Random(3).nextBytes(bytes);
        String whole = of(bytes);
        for (int at : new int[] {0, 1 << 20, bytes.length - 1}) {
            bytes[at] ^= 16;
            assertThat(of(bytes)).isNotEqualTo(whole);
            bytes[at] ^= 16;
        }
        assertThat(of(bytes)).isEqualTo(whole);
    }
}
