package dev.attune.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
    @TempDir
    Path temp;

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path file = temp.resolve("events.out.tfevents.1.x.0");
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("train/loss", 0.1);
        values.put("train/ünï", Double.NaN);
        values.put("train/resident_bytes", 3e9);
        try (EventFile events = new EventFile(file)) {
            events.start(1);
            assertThat(Events.read(file)).as("each event is there at once").hasSize(2);
            events.scalars(1_000_000_000_000L, values);
        }
        var read = Events.read(file);
        assertThat(read).hasSize(3);
        assertThat(read.get(0).version()).isEqualTo("brain.Event:2");
        assertThat(read.get(1).isStart()).isTrue();
        assertThat(read.get(1).step()).isEqualTo(1);
        assertThat(read.get(2).isStart()).isFalse();
        assertThat(read.get(2).step()).isEqualTo(1_000_000_000_000L);
        assertThat(read.get(2).scalars())
                .containsExactly(
                        Map.entry("train/loss", 0.1f),
                        Map.entry("train/ünï", Float.NaN),
                        Map.entry("train/resident_bytes", 3e9f));
        double now = System.currentTimeMillis() / 1000.0;
        assertThat(read.get(2).wallTime()).isBetween(now - 600, now);
    }

    /** The check value of CRC-32C for "123456789" is e3069283; turned right by 15 bits and shifted. */
    @Test
    void theChecksumIsMasked() {
        byte[] nine = "123456789".getBytes(StandardCharsets.US_ASCII);
        int crc = 0xe3069283;
        assertThat(EventFile.checksum(nine, 9)).isEqualTo(((crc >>> 15) | (crc << 17)) + 0xa282ead8);
    }

    @Test
    void anotherFileIsNotReplaced() throws IOException {
        Path file = Files.writeString(temp.resolve("a"), "precious");
        assertThatThrownBy(() -> new EventFile(file)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("precious");
    }
}
