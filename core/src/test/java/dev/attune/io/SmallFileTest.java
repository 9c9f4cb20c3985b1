package dev.attune.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SmallFileTest {
    @TempDir
    Path folder;

    @Test
    void readsAFileUpToTheLimit() throws IOException {
        Path file = folder.resolve("a");
        Files.write(file, new byte[1 << 20]);
        assertThat(SmallFile.bytes(file, 1)).hasSize(1 << 20);
        Files.writeString(file, "é\n");
        assertThat(SmallFile.text(file, 1)).isEqualTo("é\n");
    }

    @Test
    void refusesALargerOneWithoutReadingIt() throws IOException {
        Path file = folder.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }
        assertThatThrownBy(() -> SmallFile.bytes(file, 1))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("it has more than 1 MiB, and no such file is that large");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void refusesAFileWithoutEnd() {
        assertThatThrownBy(() -> SmallFile.bytes(Path.of("/dev/zero"), 1)).hasMessageContaining("more than 1 MiB");
    }

    @Test
    void refusesWhatIsNotUtf8() throws IOException {
        Path file = Files.write(folder.resolve("latin"), new byte[] {'a', (byte) 0xE9});
        assertThatThrownBy(() -> SmallFile.text(file, 1)).isInstanceOf(CharacterCodingException.class);
    }
}
