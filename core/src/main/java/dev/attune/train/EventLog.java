package dev.attune.train;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lines of a file, each written at once and whole. What the disk does not take, as when it is full, is kept in memory and comes
 * with a later line: a training must not end because it cannot tell about itself.
 */
final class EventLog implements AutoCloseable {
    private final RandomAccessFile file;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private long end;

    private EventLog(RandomAccessFile file, long end) throws IOException {
        this.file = file;
        this.end = end;
        file.setLength(end);
    }

    /** An empty file. */
    static EventLog begin(Path path) throws IOException {
        return new EventLog(new RandomAccessFile(path.toFile(), "rw"), 0);
    }

    /** Goes on after the last whole line: what a crash left of a line goes. */
    static EventLog goOn(Path path) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        return new EventLog(file, endOfLines(file));
    }

    private static long endOfLines(RandomAccessFile file) throws IOException {
        for (long at = file.length(); at > 0; at--) {
            file.seek(at - 1);
            if (file.read() == '\n') return at;
        }
        return 0;
    }

    /** Writes a line, and those that wait. */
    void add(String line) throws IOException {
        waiting.add((line + "\n").getBytes(StandardCharsets.UTF_8));
        flush();
    }

    /** @throws IOException if lines have to wait on; no part of one is in the file then */
    void flush() throws IOException {
        try {
            while (!waiting.isEmpty()) {
                byte[] line = waiting.element();
                file.seek(end);
                file.write(line);
                end += line.length;
                waiting.remove();
            }
        } finally {
            if (!waiting.isEmpty()) file.setLength(end);
        }
    }

    /** Bytes of the lines in the file. */
    long bytes() {
        return end;
    }

    /** Leaves the first so many bytes, if there are more. */
    void cut(long bytes) throws IOException {
        end = Math.min(end, bytes);
        file.setLength(end);
    }

    @Override
    public void close() throws IOException {
        try (RandomAccessFile closing = file) {
            flush();
        }
    }
}
