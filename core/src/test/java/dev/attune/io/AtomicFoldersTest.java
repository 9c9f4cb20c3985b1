package dev.attune.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFoldersTest {
    @TempDir
    Path parent;

    @Test
    void theFolderIsNotThereBeforeItIsWhole() throws IOException {
        Path folder = parent.resolve("deep/one");
        AtomicFolders.write(folder, inside -> {
            Files.writeString(inside.resolve("a"), "A");
            assertThat(folder).doesNotExist();
            assertThat(inside.getParent()).isEqualTo(folder.getParent());
        });
        assertThat(folder.resolve("a")).hasContent("A");
        assertThat(names(folder.getParent())).containsExactly("one");
    }

    @Test
    void whatWasThereStaysWhenWritingFails() throws IOException {
        Path folder = parent.resolve("one");
        AtomicFolders.write(folder, inside -> Files.writeString(inside.resolve("a"), "A"));
        for (Exception failure : List.of(new IOException("full"), new IllegalStateException("bug"))) {
            assertThatThrownBy(() -> AtomicFolders.write(folder, inside -> {
                        Files.writeString(inside.resolve("b"), "B");
                        if (failure instanceof IOException io) throw io;
                        throw (RuntimeException) failure;
                    }))
                    .isSameAs(failure);
        }
        assertThat(names(parent)).containsExactly("one");
        assertThat(names(folder)).containsExactly("a");
    }

    @Test
    void anotherFolderOfThatNameIsReplacedAsAWhole() throws IOException {
        Path folder = parent.resolve("one");
        AtomicFolders.write(folder, inside -> Files.writeString(inside.resolve("a"), "A"));
        AtomicFolders.write(folder, inside -> Files.writeString(inside.resolve("b"), "B"));
        assertThat(names(folder)).containsExactly("b");
        assertThat(names(parent)).containsExactly("one");
    }

    /** As after a crash between the two moves of a replacement: the new folder was whole before the old one went aside. */
    @Test
    void aReplacementThatBrokeOffIsFinished() throws IOException {
        String id = "123e4567-e89b-12d3-a456-426614174000";
        for (String name : List.of(".one." + id + ".old", ".one." + id + ".tmp", ".two." + id + ".old")) {
            Files.writeString(Files.createDirectory(parent.resolve(name)).resolve("a"), name);
        }
        AtomicFolders.sweep(parent);
        assertThat(names(parent)).containsExactly("one", "two");
        assertThat(parent.resolve("one/a")).hasContent(".one." + id + ".tmp");
        assertThat(parent.resolve("two/a")).hasContent(".two." + id + ".old");
    }

    @Test
    void theOldFolderStaysUntilTheNewOneIsWhole() throws IOException {
        Path folder = parent.resolve("one");
        AtomicFolders.write(folder, inside -> Files.writeString(inside.resolve("a"), "A"));
        assertThatThrownBy(() -> AtomicFolders.write(folder, inside -> {
                    assertThat(folder.resolve("a")).hasContent("A");
                    FileTree.delete(inside); // so that forcing it fails
                }))
                .isInstanceOf(IOException.class);
        assertThat(names(parent)).containsExactly("one");
        assertThat(folder.resolve("a")).hasContent("A");
    }

    @Test
    void sweepRemovesWhatCrashesLeftAndNothingElse() throws IOException {
        String id = "123e4567-e89b-12d3-a456-426614174000";
        for (String name : List.of(
                ".one." + id + ".tmp",
                ".one." + id + ".trash",
                ".x." + id + ".old",
                ".one.tmp",
                "one." + id + ".tmp",
                "x")) {
            Files.createDirectories(parent.resolve(name).resolve("within"));
        }
        AtomicFolders.sweep(parent);
        assertThat(names(parent)).containsExactly(".one.tmp", "one." + id + ".tmp", "x");
        AtomicFolders.sweep(parent.resolve("not-there"));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
