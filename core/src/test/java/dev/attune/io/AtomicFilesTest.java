package dev.attune.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    @Test
    void writesAndReplacesAndMakesFolders() {
        Path file = folder.resolve("a/b/run.json");
        AtomicFiles.writeString(file, "old");
        AtomicFiles.writeString(file, "nëw");
        assertThat(file).hasContent("nëw");
        assertThat(file.getParent()).isDirectoryContaining(file::equals);
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("run.json");
        AtomicFiles.writeString(file, "old");
        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
                    out.write(1);
                    throw new IOException("disk is full");
                }))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(file.toString(), "disk is full", "free space");
        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
                    throw new IllegalStateException("bug");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(file).hasContent("old");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFolderIsNoFile() {
        assertThatThrownBy(() -> AtomicFiles.writeString(folder, "x"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is a directory");
        Path file = folder.resolve("file");
        AtomicFiles.writeString(file, "x");
        assertThatThrownBy(() -> AtomicFiles.writeString(file.resolve("below"), "x"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("Cannot write " + file.resolve("below"));
    }

    @Test
    void anEmptyFileIsAFile() {
        AtomicFiles.writeString(folder.resolve("empty"), "");
        assertThat(folder.resolve("empty")).isEmptyFile();
    }
}
