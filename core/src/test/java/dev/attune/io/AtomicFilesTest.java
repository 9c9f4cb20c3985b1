package dev.attune.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
    @DisabledOnOs(OS.WINDOWS)
    void outputGoesThroughLinks() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        AtomicFiles.writeOutput(link, out -> out.write('x'));
        assertThat(link).isSymbolicLink();
        assertThat(target).hasContent("x");
        AtomicFiles.writeString(link, "y"); // a checkpoint must not change what others hold behind the link
        assertThat(link).isRegularFile().hasContent("y");
        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(target).hasContent("x");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void outputIntoAPipeLeavesThePipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> {
            try {
                return Files.readString(pipe);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        AtomicFiles.writeOutput(pipe, out -> out.write("answer".getBytes(StandardCharsets.UTF_8)));
        assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo("answer");
        assertThat(Files.readAttributes(pipe, BasicFileAttributes.class).isOther())
                .isTrue();
    }

    @Test
    void outputThatCannotBeWrittenIsAMistakeOfTheUser() {
        assertThatThrownBy(() -> AtomicFiles.writeOutput(folder, out -> {}))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is a directory");
        Path file = folder.resolve("file");
        AtomicFiles.writeOutput(file, out -> out.write('x'));
        assertThatThrownBy(() -> AtomicFiles.writeOutput(file.resolve("below"), out -> {}))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Cannot write " + file.resolve("below"));
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
