package dev.attune.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    @TempDir
    Path folder;

    @Test
    void removesAllThatIsInIt() throws IOException {
        Path tree = folder.resolve("tree");
        Files.createDirectories(tree.resolve("a/b"));
        Files.writeString(tree.resolve("a/b/file"), "x");
        FileTree.delete(tree);
        FileTree.delete(tree);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatALinkPointsToStays() throws IOException {
        Path kept = Files.createDirectory(folder.resolve("kept"));
        Files.writeString(kept.resolve("file"), "x");
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), kept);
        FileTree.delete(tree);
        Path link = Files.createSymbolicLink(folder.resolve("link"), kept);
        FileTree.delete(link);
        assertThat(folder).isDirectoryContaining(kept::equals);
        assertThat(Files.exists(tree)).isFalse();
        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(kept.resolve("file")).hasContent("x");
    }
}
