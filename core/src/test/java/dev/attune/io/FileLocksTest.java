package dev.attune.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.StoppedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLocksTest {
    @TempDir
    Path folder;

    private FileChannel open() throws IOException {
        return FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @Test
    void anotherThreadWaits() throws Exception {
        try (FileChannel first = open();
                FileChannel second = open()) {
            FileLocks.lock(first, "works");
            assertThat(FileLocks.tryLock(second)).isNull();
            CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return FileLocks.lock(second, "works").isValid();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(waiting).isNotDone();
            first.close();
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anInterruptStopsWaiting() throws IOException {
        try (FileChannel first = open();
                FileChannel second = open()) {
            FileLocks.lock(first, "works");
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> FileLocks.lock(second, "works"))
                    .isInstanceOf(StoppedException.class)
                    .hasMessage("Interrupted while another process works.");
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
