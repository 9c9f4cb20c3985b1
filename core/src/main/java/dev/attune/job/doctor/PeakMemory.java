package dev.attune.job.doctor;

import dev.attune.tensor.Native;

/** The most memory that this process has between opening and closing, looked at every few milliseconds. */
final class PeakMemory implements AutoCloseable {
    private static final int PAUSE = 5; // milliseconds

    private final Thread thread = new Thread(this::watch, "attune-memory");
    private volatile long peak = Native.residentBytes();
    private volatile boolean closed;

    PeakMemory() {
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
        peak = Math.max(peak, Native.residentBytes());
    }

    /** Bytes of RAM, so far. */
    long bytes() {
        look();
        return peak;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
