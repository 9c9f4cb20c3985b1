package dev.attune.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * CRC-32C of files, as eight hexadecimal digits: finds what storage does to bytes. Processors have an instruction for it, so that
 * it costs less than reading; SHA-256 costs several times as much as writing to a fast disk. It is no proof against somebody who
 * changes a file on purpose: {@link Sha256} is.
 */
public final class Checksum {
    /** Small enough to stay in the processor's cache between reading and adding up: a megabyte took three times as long. */
    private static final int BUFFER = 1 << 16;

    private Checksum() {}

    /** Of the content of a file, which is read once from begin to end. */
    public static String of(Path file) throws IOException {
        CRC32C checksum = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer.clear()) >= 0) checksum.update(buffer.flip());
        }
        return String.format(Locale.ROOT, "%08x", checksum.getValue());
    }
}
