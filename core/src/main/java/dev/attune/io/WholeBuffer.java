package dev.attune.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Writes a buffer to its last byte: one call of a channel may write less. */
public final class WholeBuffer {
    private WholeBuffer() {}

    /** Where the channel stands. */
    public static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) channel.write(bytes);
    }

    /** At a place in the file; where the channel stands stays as it is. */
    public static void write(FileChannel channel, ByteBuffer bytes, long place) throws IOException {
        for (long at = place; bytes.hasRemaining(); ) at += channel.write(bytes, at);
    }
}
