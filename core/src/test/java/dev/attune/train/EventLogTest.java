package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    private Path file;

    @BeforeEach
    void name(@TempDir Path folder) {
        file = folder.resolve("metrics.jsonl");
    }

    @Test
    void aLineIsThereAtOnce() throws IOException {
        Files.writeString(file, "of an older run\n");
        try (EventLog log = EventLog.begin(file)) {
            log.add("{}");
            log.add("{\"text\":\"é\"}");
            assertThat(file).hasContent("{}\n{\"text\":\"é\"}\n");
            assertThat(log.bytes()).isEqualTo(Files.size(file));
        }
    }

    /** As after a power cut: the half line must not become the begin of the next one. */
    @Test
    void whatACrashLeftOfALineGoes() throws IOException {
        Files.writeString(file, "{\"step\":1}\n{\"step\":2}\n{\"st");
        try (EventLog log = EventLog.goOn(file)) {
            assertThat(log.bytes()).isEqualTo(22);
            log.add("{\"step\":3}");
        }
        assertThat(file).hasContent("{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n");
        Files.writeString(file, "{\"st");
        try (EventLog log = EventLog.goOn(file)) {
            assertThat(log.bytes()).isZero();
        }
        assertThat(file).isEmptyFile();
    }

    /** A file that lost its end cannot be cut where it was longer. */
    @Test
    void isCutWhereItIsLonger() throws IOException {
        try (EventLog log = EventLog.begin(file)) {
            log.add("1");
            log.add("2");
            log.cut(100);
            assertThat(log.bytes()).isEqualTo(4);
            log.cut(2);
            log.add("3");
        }
        assertThat(file).hasContent("1\n3\n");
    }
}
