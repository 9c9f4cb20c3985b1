package dev.attune.tensor;

import java.util.function.LongSupplier;

/** The most memory that this process has between opening and closing, looked at every millisecond. */
public final class PeakMemory implements AutoCloseable {
    private static final int PAUSE = 1; // milliseconds

    private final Thread thread = new Thread(this::watch, "attune-memory");
    private final LongSupplier memory;
    private volatile long peak;
    private volatile boolean closed;

    /** Of all memory of the process. */
    public PeakMemory() {
        this(Native::residentBytes);
    }

    /** @param memory what to look at, in bytes; asked on another thread */
    public PeakMemory(LongSupplier memory) {
        this.memory = memory;
        this.peak = memory.getAsLong();
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        while (!closed) {
            look();
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized void look() {
        peak = Math.max(peak, memory.getAsLong());
    }

    /** Bytes, so far. */
    public long bytes() {
        look();
        return peak;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
