package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {
    @TempDir
    Path folder;

    @Test
    void slicesWithinAndAcrossChunks() throws Exception {
        byte[] content = new byte[100];
        for (int i = 0; i < content.length; i++) content[i] = (byte) i;
        Path path = Bytes.write(folder.resolve("f"), content);
        try (MappedFile file = MappedFile.open(path, 16)) {
            for (int offset = 0; offset <= 100; offset++) {
                for (int length = 0; length <= 100 - offset; length++) {
                    assertThat(file.slice(offset, length)).isEqualTo(ByteBuffer.wrap(content, offset, length));
                }
            }
            assertThatThrownBy(() -> file.slice(90, 11)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> file.slice(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void filesBeyondTwoGibibytesAreReadable() throws Exception {
        long size = (5L << 30) + 8;
        Path path = folder.resolve("sparse");
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.wrap(Bytes.longs(77)), size - 8);
        }
        try (MappedFile file = MappedFile.open(path)) {
            assertThat(file.size()).isEqualTo(size);
            assertThat(file.slice(size - 8, 8).getLong()).isEqualTo(77);
            assertThat(file.slice((3L << 30) - 4, 8).getLong()).isZero();
            assertThatThrownBy(() -> file.slice(0, 1L << 31))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("has 2147483648 bytes, but one tensor may have at most 2147483647");
        }
    }

    @Test
    void aShortenedFileIsNoticed() throws Exception {
        Path path = Bytes.write(folder.resolve("f"), new byte[100]);
        try (MappedFile file = MappedFile.open(path)) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(10);
            }
            assertThatThrownBy(() -> file.slice(0, 50))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("became shorter while it was open: 10 bytes, at first 100");
        }
    }
}
