package dev.attune.fuzz;

import com.sun.management.ThreadMXBean;
import dev.attune.error.AttuneException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Judges what a reader does with an input: it reads it, or refuses it with one of our exceptions that names the file; it
 * takes neither long nor much memory, and writes nothing.
 */
final class Verdict {
    /** Nanoseconds of a processor that no small input needs. */
    static final long LONGEST = 5_000_000_000L;

    /** Buffers outside the heap; mappings of the file count elsewhere. */
    private static final long DIRECT = 16L << 20;

    private final FuzzTarget target;
    private final boolean heap;
    private final Path folder;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();

    private final int others;
    private long accepted;
    private long refused;
    private String lastRefusal = "";
    private long slowest;
    private long largest;

    /**
     * @param folder an empty one for the files of the reader
     * @param heap whether what an input takes of the heap is counted: not where classes are rewritten as they are loaded,
     *     which the thread that needs them pays for
     */
    Verdict(FuzzTarget target, Path folder, boolean heap) throws IOException {
        this.target = target;
        this.heap = heap;
        this.folder = folder;
        target.prepare(folder);
        Files.deleteIfExists(folder.resolve(target.file()));
        others = count();
    }

    /**
     * Gives the input to the reader.
     *
     * @throws AssertionError if it does what no input may bring about
     */
    void of(byte[] input) {
        Path file = folder.resolve(target.file());
        write(file, input);
        long pool = direct.getMemoryUsed();
        long before = threads.getCurrentThreadAllocatedBytes();
        long start = threads.getCurrentThreadCpuTime(); // the machine may be busy with something else
        try {
            target.read(file);
            accepted++;
        } catch (AttuneException e) {
            refused++;
            lastRefusal = String.valueOf(e.getMessage());
            if (e.exitCode() == 1) throw new AssertionError("The reader calls it our bug: " + e, e);
            String message = String.valueOf(e.getMessage());
            if (!target.namesFile(message)) throw new AssertionError("Names no file: " + message, e);
        } catch (Throwable e) {
            throw new AssertionError("The reader throws " + e, e);
        }
        long taken = threads.getCurrentThreadCpuTime() - start;
        slowest = Math.max(slowest, taken);
        long spent = heap ? threads.getCurrentThreadAllocatedBytes() - before : 0;
        largest = Math.max(largest, spent);
        if (spent > target.heap(input.length)) {
            throw new AssertionError("Takes " + (spent >> 20) + " MiB of heap for " + input.length + " bytes.");
        }
        long outside = direct.getMemoryUsed() - pool;
        if (outside > DIRECT) throw new AssertionError("Takes " + (outside >> 20) + " MiB outside the heap.");
        if (taken > LONGEST) throw new AssertionError("Takes " + taken / 1_000_000 + " ms.");
        if (count() > others + 1) throw new AssertionError("Leaves a file in the folder.");
    }

    /** A new file each time: what was mapped from the one before must not change under its reader. */
    private static void write(Path file, byte[] input) {
        try {
            Files.deleteIfExists(file);
            Files.write(file, input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int count() {
        String[] names = folder.toFile().list();
        return names == null ? 0 : names.length;
    }

    long accepted() {
        return accepted;
    }

    long refused() {
        return refused;
    }

    String lastRefusal() {
        return lastRefusal;
    }

    /** The longest that an input took, in milliseconds. */
    long slowest() {
        return slowest / 1_000_000;
    }

    /** The most heap that an input took, in KiB. */
    long largest() {
        return largest >> 10;
    }
}
