package dev.attune.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.checkpoint.Bytes;
import dev.attune.error.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
    void whatWasForgottenIsReadAgain() throws Exception {
        byte[] content = new byte[1 << 20];
        for (int i = 0; i < content.length; i++) content[i] = (byte) (i >> 8);
        Path path = Bytes.write(folder.resolve("f"), content);
        try (MappedFile file = MappedFile.open(path, 1 << 19)) {
            ByteBuffer before = file.slice(0, content.length / 2);
            assertThat(before).isEqualTo(ByteBuffer.wrap(content, 0, content.length / 2));
            file.forget();
            assertThat(before).isEqualTo(ByteBuffer.wrap(content, 0, content.length / 2));
            assertThat(file.slice(0, content.length)).isEqualTo(ByteBuffer.wrap(content));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatWasForgottenIsNotInMemory() throws Exception {
        Path path = Bytes.write(folder.resolve("f"), new byte[64 << 20]);
        try (MappedFile file = MappedFile.open(path)) {
            ByteBuffer all = file.slice(0, file.size());
            int sum = 0;
            for (int i = 0; i < all.limit(); i += 1024) sum += all.get(i);
            assertThat(sum).isZero();
            long read = residentFileBytes();
            file.forget();
            assertThat(read - residentFileBytes()).isGreaterThan(60L << 20);
        }
    }

    /** Memory of this process that is files. */
    private static long residentFileBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssFile:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .sum();
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

    @Test
    @EnabledOnOs(OS.LINUX)
    void aClosedFileLeavesTheMemoryOfTheProcess() throws Exception {
        byte[] content = new byte[4 << 20];
        Arrays.fill(content, (byte) 1);
        Path path = Bytes.write(folder.resolve("weights"), content);
        MappedFile file = MappedFile.open(path);
        ByteBuffer all = file.slice(0, content.length);
        for (int i = 0; i < content.length; i += 512) assertThat(all.get(i)).isEqualTo((byte) 1);
        assertThat(residentKilobytes(path)).isEqualTo(4096);
        file.close();
        assertThat(residentKilobytes(path)).isLessThan(256);
        assertThat(all.get(content.length - 1)).as("read again from the file").isEqualTo((byte) 1);
    }

    /** Pages of the file that this process holds in memory. */
    private static long residentKilobytes(Path file) throws Exception {
        String name = file.toRealPath().toString();
        long kilobytes = 0;
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) inside = line.endsWith(name);
            else if (inside && line.startsWith("Rss:")) kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
        }
        return kilobytes;
    }
}
