package dev.attune.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reaches the disk before a name does: Java's own flight recorder sees what is forced, and under which name. */
class ForcedWritesTest {
    private static final String ID = "[-0-9a-f]{36}";

    @TempDir
    Path parent;

    private interface Work {
        void run() throws Exception;
    }

    private List<String> forced(Work work) throws Exception {
        Path events = parent.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withThreshold(Duration.ZERO);
            recording.start();
            work.run();
            recording.stop();
            recording.dump(events);
        }
        List<RecordedEvent> all = new ArrayList<>(RecordingFile.readAllEvents(events));
        all.sort(Comparator.comparing(RecordedEvent::getStartTime));
        return all.stream()
                .map(event -> event.getString("path"))
                .filter(path -> path.startsWith(parent.toString()))
                .map(path -> path.substring(parent.toString().length()))
                .toList();
    }

    @Test
    void aFolderIsForcedFileByFileBeforeItHasItsName() throws Exception {
        List<String> paths = forced(() -> AtomicFolders.write(parent.resolve("one"), folder -> {
            Files.writeString(folder.resolve("a"), "A");
            Files.writeString(folder.resolve("b"), "B");
        }));
        assertThat(paths).hasSize(4);
        assertThat(paths.subList(0, 2)).allMatch(path -> path.matches("/\\.one\\." + ID + "\\.tmp/[ab]"));
        assertThat(paths.get(0)).isNotEqualTo(paths.get(1));
        assertThat(paths.get(2)).as("the names of the files").matches("/\\.one\\." + ID + "\\.tmp");
        assertThat(paths.get(3)).as("its own name").isEmpty();
    }

    @Test
    void aFileIsForcedBeforeItHasItsName() throws Exception {
        List<String> paths = forced(() -> AtomicFiles.writeString(parent.resolve("a"), "A"));
        assertThat(paths).hasSize(2);
        assertThat(paths.get(0)).matches("/\\.a\\." + ID + "\\.tmp");
        assertThat(paths.get(1)).isEmpty();
    }
}
